#ifndef FLORA_PACKING_H
#define FLORA_PACKING_H

#include "products.h"

// Operands packed into panels of LANES columns, row by row. The last panel is padded with zeros.

// Copies of terms that are not contiguous prefetch so many terms ahead.
enum { TERMS_AHEAD = 32 };

typedef float Quad __attribute__((ext_vector_type(4), aligned(4)));

// Transposes four terms of four columns whose terms are contiguous.
ALWAYS_INLINE void pack_quads(float *restrict packed, const float *restrict b, size_t column_stride) {
  Quad x = *(const Quad *)b, y = *(const Quad *)(b + column_stride);
  Quad z = *(const Quad *)(b + 2 * column_stride), w = *(const Quad *)(b + 3 * column_stride);
  Quad xy = __builtin_shufflevector(x, y, 0, 4, 1, 5), zw = __builtin_shufflevector(z, w, 0, 4, 1, 5);
  *(Quad *)packed = __builtin_shufflevector(xy, zw, 0, 1, 4, 5);
  *(Quad *)(packed + LANES) = __builtin_shufflevector(xy, zw, 2, 3, 6, 7);
  xy = __builtin_shufflevector(x, y, 2, 6, 3, 7), zw = __builtin_shufflevector(z, w, 2, 6, 3, 7);
  *(Quad *)(packed + 2 * LANES) = __builtin_shufflevector(xy, zw, 0, 1, 4, 5);
  *(Quad *)(packed + 3 * LANES) = __builtin_shufflevector(xy, zw, 2, 3, 6, 7);
}

// Packs at most LANES columns of b, whose element [k, c] is at k * term_stride + c * column_stride.
ALWAYS_INLINE void pack_panel(float *restrict packed, const float *restrict b, size_t terms,
                              size_t columns, size_t term_stride, size_t column_stride) {
  size_t k = 0;
  if (columns == LANES && column_stride == 1) {
    for (; k < terms; k++) {
      __builtin_prefetch(b + (k + TERMS_AHEAD) * term_stride);
      memcpy(packed + k * LANES, b + k * term_stride, LANES * sizeof(float));
    }
  } else if (columns == LANES && term_stride == 1) {
    for (; k + 4 <= terms; k += 4)
      UNROLL for (size_t c = 0; c < LANES; c += 4)
        pack_quads(packed + k * LANES + c, b + k + c * column_stride, column_stride);
  }
  if (k == terms) return;
  if (columns < LANES) memset(packed + k * LANES, 0, (terms - k) * LANES * sizeof(float));
  for (size_t c = 0; c < columns; c++)
    for (size_t rest = k; rest < terms; rest++)
      packed[rest * LANES + c] = b[rest * term_stride + c * column_stride];
}

ALWAYS_INLINE void pack_panels(float *restrict packed, const float *restrict b, size_t terms,
                               size_t columns, size_t term_stride, size_t column_stride) {
  for (size_t column = 0; column < columns; column += LANES) {
    size_t width = columns - column < LANES ? columns - column : LANES;
    pack_panel(packed + column * terms, b + column * column_stride, terms, width, term_stride,
               column_stride);
  }
}

// The number of rows that go through a buffer at a time if their columns do not fill a lane vector.
enum { EDGE_ROWS = 48 };

// Like `product`, but into fewer than LANES columns.
ALWAYS_INLINE void edge_product(const Level level, Target t, Operand a, Columns b, size_t rows,
                                size_t columns, size_t terms) {
  float edge[EDGE_ROWS * LANES] __attribute__((aligned(64)));
  for (size_t row = 0; row < rows; row += EDGE_ROWS) {
    size_t count = rows - row < EDGE_ROWS ? rows - row : EDGE_ROWS;
    Target from = target_at(t, row, 0);
    Target to = {edge, LANES, from.start ? edge : 0, LANES, t.alpha};
    if (from.start) {
      memset(edge, 0, sizeof edge);
      for (size_t r = 0; r < count; r++)
        memcpy(edge + r * LANES, from.start + r * t.start_stride, columns * sizeof(float));
    }
    product(level, to, (Operand){a.base + row * a.row, a.row, a.element}, b, count, LANES, terms);
    for (size_t r = 0; r < count; r++)
      memcpy(from.c + r * t.c_stride, edge + r * LANES, columns * sizeof(float));
  }
}

// The number of rows that pass over all panels before the next ones. Together with their columns
// they stay in the L2 cache, and include all rows of clients that train together.
enum { CHUNK_ROWS = 192 };

ALWAYS_INLINE void packed_product(const Level level, Target t, Operand a, const float *packed,
                                  size_t rows, size_t columns, size_t terms) {
  size_t whole = columns / LANES * LANES;
  for (size_t row = 0; row < rows; row += CHUNK_ROWS) {
    size_t count = rows - row < CHUNK_ROWS ? rows - row : CHUNK_ROWS;
    Operand some = {a.base + row * a.row, a.row, a.element};
    product(level, target_at(t, row, 0), some, (Columns){packed, LANES, LANES * terms}, count, whole,
            terms);
    if (whole < columns)
      edge_product(level, target_at(t, row, whole), some,
                   (Columns){packed + whole * terms, LANES, 0}, count, columns - whole, terms);
  }
}

#endif
