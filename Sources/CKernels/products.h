#ifndef FLORA_PRODUCTS_H
#define FLORA_PRODUCTS_H

#include "kernel_levels.h"

// Products whose sums have a fixed order: the start, then one term after another. An element of the
// result depends only on its row, column and start, and has the same bits on all processors with
// fused multiply-add.

#define LOAD(x) (*(const Lanes *)(x))

// The width of a block in lane vectors, and its greatest height, for each level: as many sums as the
// registers hold in addition to the operands, and enough to hide the latency of a multiply-add.
// Sixteen lanes are one of 32 registers with AVX-512, two of 16 with AVX2, four of 32 with NEON and
// four of 16 with SSE.
ALWAYS_INLINE int block_lanes(const Level level) { return level == LEVEL_AVX512 ? 2 : 1; }
ALWAYS_INLINE int block_rows(const Level level) {
#if defined(__x86_64__)
  return level == LEVEL_AVX512 ? 12 : level == LEVEL_AVX2 ? 6 : 2;
#else
  return 6;
#endif
}
enum { MOST_BLOCK_ROWS = 12, MOST_BLOCK_LANES = 2 };

// A matrix operand: the stride between rows, and between the elements of a row.
typedef struct {
  const float *base;
  size_t row, element;
} Operand;

// The result and what is added to it: c = start + alpha a b. `start` may be NULL to add nothing.
typedef struct {
  float *c;
  size_t c_stride;
  const float *start;
  size_t start_stride;
  float alpha;
} Target;

ALWAYS_INLINE Target target_at(Target t, size_t row, size_t column) {
  t.c += row * t.c_stride + column;
  if (t.start) t.start += row * t.start_stride + column;
  return t;
}

// The right operand: the stride between terms, and between lane vectors.
typedef struct {
  const float *base;
  size_t term, lane;
} Columns;

// A block of the result, held in registers. If alpha is 1, the sums begin with the start. Prefetches
// a cache line at `next` for each term.
ALWAYS_INLINE void block(Target t, Operand a, Columns b, size_t terms, const float *next,
                         const int rows, const int lanes) {
#pragma clang fp reassociate(off) contract(fast)
  Lanes sum[MOST_BLOCK_ROWS][MOST_BLOCK_LANES];
  const bool begins = t.start && t.alpha == 1;
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int l = 0; l < lanes; l++)
      sum[r][l] = begins ? LOAD(t.start + r * t.start_stride + l * LANES) : (Lanes)0.0f;
  for (size_t k = 0; k < terms; k++) {
    const float *bk = b.base + k * b.term;
    __builtin_prefetch(next + k * LANES, 0, 2);
    Lanes columns[MOST_BLOCK_LANES];
    UNROLL for (int l = 0; l < lanes; l++) columns[l] = LOAD(bk + l * b.lane);
    UNROLL for (int r = 0; r < rows; r++) {
      Lanes factor = (Lanes)a.base[r * a.row + k * a.element];
      UNROLL for (int l = 0; l < lanes; l++) sum[r][l] += factor * columns[l];
    }
  }
  if (t.alpha != 1) {
    UNROLL for (int r = 0; r < rows; r++)
      UNROLL for (int l = 0; l < lanes; l++) {
        Lanes start = t.start ? LOAD(t.start + r * t.start_stride + l * LANES) : (Lanes)0.0f;
        sum[r][l] = start + t.alpha * sum[r][l];
      }
  }
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int l = 0; l < lanes; l++) *(Lanes *)(t.c + r * t.c_stride + l * LANES) = sum[r][l];
}

// Splits the rows into blocks of similar height, so that none is too low to hide latencies. The last
// blocks, as many as `lanes`, prefetch the data at `next`.
ALWAYS_INLINE void stripe(const Level level, Target t, Operand a, Columns b, size_t rows,
                          size_t terms, const float *next, const int lanes) {
  size_t blocks = (rows + block_rows(level) - 1) / block_rows(level);
  for (; blocks > 0; blocks--) {
    size_t height = (rows + blocks - 1) / blocks;
    const float *fetched =
        blocks > (size_t)lanes ? b.base : next + (lanes - blocks) * LANES * terms;
    switch (height) {
#define HEIGHT(n)                                                                   \
  case n:                                                                           \
    if (n <= block_rows(level)) block(t, a, b, terms, fetched, n, lanes);           \
    break;
      HEIGHT(12) HEIGHT(11) HEIGHT(10) HEIGHT(9) HEIGHT(8) HEIGHT(7)
      HEIGHT(6) HEIGHT(5) HEIGHT(4) HEIGHT(3) HEIGHT(2) HEIGHT(1)
#undef HEIGHT
      default: break;
    }
    rows -= height;
    t = target_at(t, height, 0);
    a.base += height * a.row;
  }
}

// c = start + alpha a b; `columns` is a multiple of LANES. The last blocks of some columns prefetch
// the next columns.
ALWAYS_INLINE void product(const Level level, Target t, Operand a, Columns b, size_t rows,
                           size_t columns, size_t terms) {
  const int most = block_lanes(level);
  size_t lane = 0, lanes = columns / LANES;
  for (; lane + most <= lanes; lane += most, b.base += most * b.lane)
    stripe(level, target_at(t, 0, lane * LANES), a, b, rows, terms, b.base + most * b.lane, most);
  if (lane < lanes) stripe(level, target_at(t, 0, lane * LANES), a, b, rows, terms, b.base, 1);
}

#endif
