#include "CKernels.h"

#include "packing.h"

// Products of operands with any strides: element [r, k] of a is at r * a_row + k * a_term, and
// element [k, c] of b at k * b_term + c * b_column. The order of summation depends on the number of
// columns and on the strides, never on the number of rows, so that a row's bits do not depend on
// other rows.

// With at most this many columns, most lanes of a block would be empty.
enum { NARROW = 8 };
// Numbers of terms and rows whose panels and blocks stay in the caches. The numbers of rows are
// multiples of every level's block height.
enum { TOGETHER = 48, CHUNK_TERMS = 256, ACROSS_ROWS = 384, PANEL = MOST_BLOCK_LANES * LANES };
// The distance of terms from which their rows are copied: 4 KB, after which the sets of a first-level
// cache repeat.
enum { FAR_APART = 1024 };

// Whether a product of this many rows packs its right operand first.
ALWAYS_INLINE bool pays_to_pack(size_t rows) { return rows > 2 * MOST_BLOCK_ROWS; }

ALWAYS_INLINE size_t least(size_t x, size_t y) { return x < y ? x : y; }

size_t flora_multiply_scratch(size_t rows, size_t columns, size_t terms) {
  size_t narrow = columns <= NARROW ? columns * (terms + round_up(rows)) : 0;
  size_t packed = terms * round_up(columns);
  size_t chunk = least(terms, CHUNK_TERMS) * (least(rows, ACROSS_ROWS) + PANEL);
  return narrow + (packed > chunk ? packed : chunk) + terms * LANES;
}

// The sum of the lanes, in a fixed order.
ALWAYS_INLINE float sum_of_lanes(const Lanes *x) {
  float half[LANES];
  memcpy(half, x, sizeof half);
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) half[i] += half[i + width];
  return half[0];
}

// Dot products of some rows with some columns: each lane's sum, then the sum of the lanes, then the
// remaining terms.
ALWAYS_INLINE void dots(Target t, const float *a, size_t a_row, const float *b, size_t b_column,
                        size_t terms, const int rows, const int columns) {
#pragma clang fp reassociate(off) contract(fast)
  Lanes sum[4][2];
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int c = 0; c < columns; c++) sum[r][c] = (Lanes)0.0f;
  size_t whole = terms / LANES * LANES;
  for (size_t k = 0; k < whole; k += LANES)
    UNROLL for (int r = 0; r < rows; r++)
      UNROLL for (int c = 0; c < columns; c++)
        sum[r][c] += LOAD(a + r * a_row + k) * LOAD(b + c * b_column + k);
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int c = 0; c < columns; c++) {
      float dot = sum_of_lanes(&sum[r][c]);
      for (size_t k = whole; k < terms; k++) dot += a[r * a_row + k] * b[c * b_column + k];
      float start = t.start ? t.start[r * t.start_stride + c] : 0;
      t.c[r * t.c_stride + c] = start + t.alpha * dot;
    }
}

// Few columns, with the terms of both operands contiguous.
ALWAYS_INLINE void narrow_product(const Level level, Target t, const float *a, size_t a_row,
                                  const float *b, size_t b_column, size_t rows, size_t columns,
                                  size_t terms) {
  const int height = level == LEVEL_AVX512 ? 4 : 2;
  for (size_t column = 0; column < columns; column += 2) {
    const float *bc = b + column * b_column;
    size_t row = 0;
    for (; row + height <= rows; row += height) {
      Target to = target_at(t, row, column);
      if (column + 1 < columns)
        dots(to, a + row * a_row, a_row, bc, b_column, terms, height, 2);
      else
        dots(to, a + row * a_row, a_row, bc, b_column, terms, height, 1);
    }
    for (; row < rows; row++) {
      Target to = target_at(t, row, column);
      if (column + 1 < columns)
        dots(to, a + row * a_row, a_row, bc, b_column, terms, 1, 2);
      else
        dots(to, a + row * a_row, a_row, bc, b_column, terms, 1, 1);
    }
  }
}

// All rows over all columns. b is packed first, except for few rows if its columns are contiguous.
ALWAYS_INLINE void wide_product(const Level level, Target t, Operand a, const float *b,
                                size_t b_term, size_t b_column, size_t rows, size_t columns,
                                size_t terms, float *restrict scratch) {
  if (b_column != 1 || pays_to_pack(rows)) {
    pack_panels(scratch, b, terms, columns, b_term, b_column);
    packed_product(level, t, a, scratch, rows, columns, terms);
    return;
  }
  size_t whole = columns / LANES * LANES;
  product(level, t, a, (Columns){b, b_term, LANES}, rows, whole, terms);
  if (whole == columns) return;
  pack_panel(scratch, b + whole, terms, columns - whole, b_term, 1);
  edge_product(level, target_at(t, 0, whole), a, (Columns){scratch, LANES, 0}, rows,
               columns - whole, terms);
}

// Copies some terms of some rows so that a block's rows are contiguous for each term.
ALWAYS_INLINE void lay_blocks(const Level level, float *restrict laid, Operand a, size_t rows,
                              size_t terms) {
  const size_t height = block_rows(level);
  size_t row = 0;
  // Rows that share cache lines are copied together.
  if (a.row == 1)
    for (; row + TOGETHER <= rows; row += TOGETHER)
      for (size_t k = 0; k < terms; k++) {
        const float *from = a.base + row + k * a.element;
        UNROLL for (size_t r = 0; r < TOGETHER; r += LANES)
          __builtin_prefetch(from + TERMS_AHEAD * a.element + r);
        for (size_t r = 0; r < TOGETHER; r += height)
          memcpy(laid + (row + r) * terms + k * height, from + r, height * sizeof(float));
      }
  for (; row < rows; row += height) {
    size_t size = least(rows - row, height);
    for (size_t k = 0; k < terms; k++)
      for (size_t r = 0; r < size; r++)
        laid[row * terms + k * size + r] = a.base[(row + r) * a.row + k * a.element];
  }
}

// The product with blocks of rows that `lay_blocks` has copied.
ALWAYS_INLINE void laid_product(const Level level, Target t, const float *laid, const float *packed,
                                size_t rows, size_t columns, size_t terms) {
  const size_t height = block_rows(level);
  for (size_t row = 0; row < rows; row += height) {
    size_t size = least(rows - row, height);
    packed_product(level, target_at(t, row, 0), (Operand){laid + row * terms, 1, size}, packed, size,
                   columns, terms);
  }
}

// For an operand a whose rows, not its terms, are contiguous. Works on some terms of some rows at a
// time, and packs each panel of columns just before its use, so that it is still in the first-level
// cache. If terms are so far apart that they share few of the cache's sets, copies each block of rows
// first; otherwise this takes longer than it saves.
ALWAYS_INLINE void across_product(const Level level, Target t, Operand a, const float *b,
                                  size_t b_term, size_t b_column, size_t rows, size_t columns,
                                  size_t terms, float *restrict scratch) {
  const bool lays = a.element >= FAR_APART;
  const size_t most = lays ? ACROSS_ROWS : rows;
  for (size_t first = 0; first < terms || first == 0; first += CHUNK_TERMS) {
    size_t count = least(terms - first, CHUNK_TERMS);
    float *laid = scratch + count * PANEL;
    for (size_t begin = 0; begin < rows; begin += most) {
      size_t end = least(begin + most, rows);
      Operand some = {a.base + begin * a.row + first * a.element, a.row, a.element};
      if (lays) lay_blocks(level, laid, some, end - begin, count);
      for (size_t column = 0; column < columns; column += PANEL) {
        size_t width = least(columns - column, PANEL);
        pack_panels(scratch, b + first * b_term + column * b_column, count, width, b_term,
                    b_column);
        Target to = target_at(t, begin, column);
        if (lays)
          laid_product(level, to, laid, scratch, end - begin, width, count);
        else
          packed_product(level, to, some, scratch, end - begin, width, count);
      }
    }
    t.start = t.c;
    t.start_stride = t.c_stride;
  }
}

KERNEL(void, flora_multiply,
       (float *c, size_t c_stride, const float *start, size_t start_stride, float alpha,
        const float *a, size_t a_row, size_t a_term, const float *b, size_t b_term,
        size_t b_column, size_t rows, size_t columns, size_t terms, float *restrict scratch),
       (c, c_stride, start, start_stride, alpha, a, a_row, a_term, b, b_term, b_column, rows,
        columns, terms, scratch)) {
  Target t = {c, c_stride, start, start_stride, alpha};
  Operand operand = {a, a_row, a_term};
  if (columns > NARROW) {
    if (a_term == 1 || !pays_to_pack(rows))
      wide_product(level, t, operand, b, b_term, b_column, rows, columns, terms, scratch);
    else
      across_product(level, t, operand, b, b_term, b_column, rows, columns, terms, scratch);
    return;
  }
  if (a_term == 1) {
    if (b_term != 1) {
      for (size_t column = 0; column < columns; column++)
        for (size_t k = 0; k < terms; k++)
          scratch[column * terms + k] = b[k * b_term + column * b_column];
      b = scratch;
      b_column = terms;
    }
    narrow_product(level, t, a, a_row, b, b_column, rows, columns, terms);
    return;
  }
  // Computes the transpose, which has many columns.
  size_t width = round_up(rows);
  Target across = {scratch, width, 0, 0, 1};
  Operand few = {b, b_column, b_term};
  wide_product(level, across, few, a, a_term, a_row, columns, rows, terms, scratch + columns * width);
  for (size_t row = 0; row < rows; row++)
    for (size_t column = 0; column < columns; column++) {
      float begin = start ? start[row * start_stride + column] : 0;
      c[row * c_stride + column] = begin + alpha * scratch[column * width + row];
    }
}
