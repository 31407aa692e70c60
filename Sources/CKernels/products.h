#ifndef FLORA_PRODUCTS_H
#define FLORA_PRODUCTS_H

#include "kernels_common.h"

// Products of a few rows, whose operands stay in the caches without packing.

#define LOAD(x) (*(const Lanes *)(x))
#define UNROLL _Pragma("clang loop unroll(full)")

// As many sums as the AVX-512 registers hold in addition to their operands, enough to hide the
// latency of a multiply-add.
enum { BLOCK_ROWS = 8, BLOCK_LANES = 2 };

// A matrix operand: the stride between rows, and between the elements of a row.
typedef struct {
  const float *base;
  size_t row, element;
} Operand;

// c[rows, lanes] = start[rows, lanes] + a[rows, terms] b[terms, lanes], with c in registers;
// `start` is added only if `starts`. If `fetches`, prefetches one cache line of the next data per
// term.
ALWAYS_INLINE void block(float *c, size_t c_stride, Operand start, Operand a, const float *b,
                         size_t b_stride, size_t terms, const float *next, const int starts,
                         const int fetches, const int rows, const int lanes) {
  Lanes sum[BLOCK_ROWS][BLOCK_LANES];
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int l = 0; l < lanes; l++)
      sum[r][l] = starts ? LOAD(start.base + r * start.row + l * LANES) : (Lanes){0};
  for (size_t k = 0; k < terms; k++) {
    const float *bk = b + k * b_stride;
    if (fetches) __builtin_prefetch(next + k * LANES, 0, 2);
    UNROLL for (int r = 0; r < rows; r++) {
      float factor = a.base[r * a.row + k * a.element];
      UNROLL for (int l = 0; l < lanes; l++) sum[r][l] += factor * LOAD(bk + l * LANES);
    }
  }
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int l = 0; l < lanes; l++) *(Lanes *)(c + r * c_stride + l * LANES) = sum[r][l];
}

// Splits the rows into blocks of similar height, so that none is too low to hide latencies.
//
// If `fetches`, the last two blocks prefetch the `lanes` * terms numbers after b, which are
// multiplied next.
ALWAYS_INLINE void stripe(float *c, size_t c_stride, Operand start, Operand a, const float *b,
                          size_t b_stride, size_t rows, size_t terms, const int starts,
                          const int fetches, const int lanes) {
  size_t blocks = (rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
  for (; blocks > 0; blocks--) {
    size_t height = (rows + blocks - 1) / blocks;
    const float *next = b + (blocks > 2 ? 0 : lanes * LANES + (2 - blocks) * LANES) * terms;
    switch (height) {
#define HEIGHT(n)                                                                           \
  case n:                                                                                   \
    block(c, c_stride, start, a, b, b_stride, terms, next, starts, fetches, n, lanes);      \
    break;
      HEIGHT(8) HEIGHT(7) HEIGHT(6) HEIGHT(5) HEIGHT(4) HEIGHT(3) HEIGHT(2) HEIGHT(1)
#undef HEIGHT
      default: break;
    }
    rows -= height;
    c += height * c_stride;
    start.base += height * start.row;
    a.base += height * a.row;
  }
}

// c[rows, columns] = a[rows, terms] b[terms, columns]; `columns` is a multiple of LANES.
ALWAYS_INLINE void product(float *c, size_t c_stride, Operand a, const float *b, size_t b_stride,
                           size_t rows, size_t columns, size_t terms) {
  Operand none = {c, 0, 0};
  size_t column = 0;
  for (; column + BLOCK_LANES * LANES <= columns; column += BLOCK_LANES * LANES)
    stripe(c + column, c_stride, none, a, b + column, b_stride, rows, terms, 0, 0, BLOCK_LANES);
  if (column < columns) stripe(c + column, c_stride, none, a, b + column, b_stride, rows, terms, 0, 0, 1);
}

#endif
