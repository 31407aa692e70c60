#ifndef FLORA_PRODUCTS_H
#define FLORA_PRODUCTS_H

#include "kernels_common.h"

// Products of few rows, whose operands stay in the caches as they lie.

#define LOAD(x) (*(const Lanes *)(x))
#define UNROLL _Pragma("clang loop unroll(full)")

// As many sums as the registers of AVX-512 hold beside what feeds them, and enough to hide the latency
// of a multiply-add.
enum { BLOCK_ROWS = 8, BLOCK_LANES = 2 };

// A row-major operand: the distance between rows, and between the elements of a row.
typedef struct {
  const float *base;
  size_t row, element;
} Operand;

// c[rows, lanes] = start[rows, lanes] + a[rows, terms] b[terms, lanes], where `starts`; all of c in
// registers. Where `fetches`, a cache line of what is needed next is asked for with each term.
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

// The rows in blocks of about the same height, so that none is too low to hide latencies.
//
// Where `fetches`, the last two blocks ask for the `lanes` * terms numbers behind b, which are the next
// that will be multiplied with.
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

// c[rows, columns] = a[rows, terms] b[terms, columns]; `columns` is a multiple of the lanes.
ALWAYS_INLINE void product(float *c, size_t c_stride, Operand a, const float *b, size_t b_stride,
                           size_t rows, size_t columns, size_t terms) {
  Operand none = {c, 0, 0};
  size_t column = 0;
  for (; column + BLOCK_LANES * LANES <= columns; column += BLOCK_LANES * LANES)
    stripe(c + column, c_stride, none, a, b + column, b_stride, rows, terms, 0, 0, BLOCK_LANES);
  if (column < columns) stripe(c + column, c_stride, none, a, b + column, b_stride, rows, terms, 0, 0, 1);
}

#endif
