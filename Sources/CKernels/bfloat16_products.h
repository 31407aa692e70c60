// Products of bfloat16 operands with float32 sums. bfloat16.c includes this file once for vdpbf16ps
// and once for its emulation, after defining
//
//     FOR(name)     the name of a function of this implementation
//     ENTRY         the definition of an exported function, like KERNEL
//     INNER         the attributes of functions inlined into them
//     ADD_PAIRS(sum, a, b)   *sum += both products of the pair a and each of the sixteen pairs at b
//     ROUND_ADJACENT(target, x)   sixteen pairs of x[2 i] and x[2 i + 1], rounded
//     ROUND_ROWS(target, x, y)    sixteen pairs of x[i] and y[i], rounded
//
// The first of a pair is in the lower half of its 32 bits. Each sum has a fixed order: from its
// start value, pair after pair. The result does not depend on how rows, columns and terms are
// blocked.

// c[rows, lanes] = start[rows, lanes] + a b, with c in registers. a's pair p of row r is at
// a[r * a_row + p * a_pair]; b's pairs p of all columns are at b + p * b_pair.
INNER void FOR(block)(float *c, size_t c_stride, const float *start, size_t start_stride,
                      const uint32_t *a, size_t a_row, size_t a_pair, const uint32_t *b,
                      size_t b_pair, size_t pairs, const uint32_t *next, const int rows,
                      const int lanes) {
  Lanes sum[BLOCK_ROWS][BLOCK_LANES];
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int l = 0; l < lanes; l++) {
      sum[r][l] = start ? LOAD(start + r * start_stride + l * LANES) : (Lanes){0};
      flush(&sum[r][l]);
    }
  for (size_t p = 0; p < pairs; p++) {
    __builtin_prefetch(next + p * LANES, 0, 2);
    UNROLL for (int r = 0; r < rows; r++) {
      uint32_t factors = a[r * a_row + p * a_pair];
      UNROLL for (int l = 0; l < lanes; l++)
        ADD_PAIRS(&sum[r][l], factors, b + p * b_pair + l * LANES);
    }
  }
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int l = 0; l < lanes; l++) *(Lanes *)(c + r * c_stride + l * LANES) = sum[r][l];
}

// Splits the rows into blocks of similar height, so that none is too low to hide latencies. The
// last two blocks prefetch the numbers after b, which are multiplied next.
INNER void FOR(stripe)(float *c, size_t c_stride, const float *start, size_t start_stride,
                       const uint32_t *a, size_t a_row, size_t a_pair, const uint32_t *b,
                       size_t rows, size_t pairs, const int lanes) {
  size_t blocks = (rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
  for (; blocks > 0; blocks--) {
    size_t height = (rows + blocks - 1) / blocks;
    const uint32_t *next = b + (blocks > 2 ? 0 : lanes * LANES + (2 - blocks) * LANES) * pairs;
    switch (height) {
#define HEIGHT(n)                                                                            \
  case n:                                                                                    \
    FOR(block)(c, c_stride, start, start_stride, a, a_row, a_pair, b, lanes * LANES, pairs, \
               next, n, lanes);                                                              \
    break;
      HEIGHT(8) HEIGHT(7) HEIGHT(6) HEIGHT(5) HEIGHT(4) HEIGHT(3) HEIGHT(2) HEIGHT(1)
#undef HEIGHT
      default: break;
    }
    rows -= height;
    c += height * c_stride;
    if (start) start += height * start_stride;
    a += height * a_row;
  }
}

// Packs some terms of b for one panel, which has `columns` columns and `lanes` registers.
INNER void FOR(pack_panel)(uint32_t *packed, const float *b, size_t terms, size_t columns,
                           size_t term_stride, size_t column_stride, const size_t width) {
  size_t pairs = (terms + 1) / 2;
  if (column_stride == 1 && columns == width) {
    for (size_t p = 0; p < terms / 2; p++) {
      const float *x = b + 2 * p * term_stride;
      for (size_t c = 0; c < width; c += LANES)
        ROUND_ROWS(packed + p * width + c, x + c, x + term_stride + c);
    }
    if (terms % 2) {
      const float *x = b + (terms - 1) * term_stride;
      for (size_t c = 0; c < width; c++) packed[(pairs - 1) * width + c] = bfloat16_bits(x[c]) >> 16;
    }
  } else if (term_stride == 1) {
    for (size_t p = 0; p < pairs; p += LANES) {
      size_t count = pairs - p < LANES ? pairs - p : LANES;
      uint32_t rows[PANEL][LANES] __attribute__((aligned(64)));
      for (size_t c = 0; c < columns; c++) {
        const float *x = b + c * column_stride + 2 * p;
        if (2 * (p + LANES) <= terms) {
          ROUND_ADJACENT(rows[c], x);
        } else {
          float padded[2 * LANES] = {0};
          memcpy(padded, x, (terms - 2 * p) * sizeof(float));
          ROUND_ADJACENT(rows[c], padded);
        }
      }
      for (size_t c = columns; c < width; c++) memset(rows[c], 0, sizeof rows[c]);
      for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < width; c++) packed[(p + i) * width + c] = rows[c][i];
    }
  } else {
    for (size_t p = 0; p < pairs; p++)
      for (size_t c = 0; c < width; c++) {
        const float *x = b + 2 * p * term_stride + c * column_stride;
        uint32_t low = c < columns ? bfloat16_bits(*x) >> 16 : 0;
        uint32_t high = c < columns && 2 * p + 1 < terms ? bfloat16_bits(x[term_stride]) : 0;
        packed[p * width + c] = low | high;
      }
  }
}

ENTRY(void, FOR(flora_bfloat16_pack),
      (uint32_t *restrict packed, const float *restrict b, size_t terms, size_t columns,
       size_t term_stride, size_t column_stride),
      (packed, b, terms, columns, term_stride, column_stride)) {
  size_t pairs = (terms + 1) / 2;
  for (size_t column = 0; column < columns; column += PANEL) {
    size_t count = columns - column < PANEL ? columns - column : PANEL;
    const float *from = b + column * column_stride;
    uint32_t *panel = packed + column * pairs;
    if (count > LANES)
      FOR(pack_panel)(panel, from, terms, count, term_stride, column_stride, PANEL);
    else
      FOR(pack_panel)(panel, from, terms, count, term_stride, column_stride, LANES);
  }
}

ENTRY(void, FOR(flora_bfloat16_product),
      (float *c, size_t c_stride, const float *start, size_t start_stride, const float *a,
       size_t a_stride, const uint32_t *packed, size_t rows, size_t columns, size_t terms,
       uint32_t *restrict scratch),
      (c, c_stride, start, start_stride, a, a_stride, packed, rows, columns, terms, scratch)) {
  size_t pairs = (terms + 1) / 2;
  for (size_t row = 0; row < rows; row += CHUNK_ROWS) {
    size_t count = rows - row < CHUNK_ROWS ? rows - row : CHUNK_ROWS;
    for (size_t r = 0; r < count; r++) {
      const float *x = a + (row + r) * a_stride;
      uint32_t *target = scratch + r * pairs;
      size_t p = 0;
      for (; 2 * (p + LANES) <= terms; p += LANES) ROUND_ADJACENT(target + p, x + 2 * p);
      for (; 2 * p < terms; p++)
        target[p] = bfloat16_bits(x[2 * p]) >> 16 |
                    (2 * p + 1 < terms ? bfloat16_bits(x[2 * p + 1]) : 0);
    }
    for (size_t column = 0; column < columns; column += PANEL) {
      float *to = c + row * c_stride + column;
      const float *from = start ? start + row * start_stride + column : 0;
      const uint32_t *panel = packed + column * pairs;
      if (columns - column >= PANEL)
        FOR(stripe)(to, c_stride, from, start_stride, scratch, pairs, 1, panel, count, pairs, 2);
      else
        FOR(stripe)(to, c_stride, from, start_stride, scratch, pairs, 1, panel, count, pairs, 1);
    }
  }
}

ENTRY(void, FOR(flora_bfloat16_transposed_product),
      (float *c, size_t c_stride, const float *start, size_t start_stride, const float *a,
       size_t a_stride, const float *b, size_t term_stride, size_t column_stride, size_t rows,
       size_t columns, size_t terms, uint32_t *restrict scratch),
      (c, c_stride, start, start_stride, a, a_stride, b, term_stride, column_stride, rows,
       columns, terms, scratch)) {
  uint32_t panel[CHUNK_PAIRS * PANEL] __attribute__((aligned(64)));
  size_t padded = round_up(columns);
  size_t term = 0;
  do {  // Runs once even without terms.
    size_t count = terms - term < 2 * CHUNK_PAIRS ? terms - term : 2 * CHUNK_PAIRS;
    size_t pairs = (count + 1) / 2;
    for (size_t p = 0; p < pairs; p++) {
      const float *x = a + (term + 2 * p) * a_stride;
      uint32_t *target = scratch + p * rows;
      size_t r = 0;
      if (2 * p + 1 < count) {
        for (; r + LANES <= rows; r += LANES) ROUND_ROWS(target + r, x + r, x + a_stride + r);
        for (; r < rows; r++)
          target[r] = bfloat16_bits(x[r]) >> 16 | bfloat16_bits(x[a_stride + r]);
      } else {
        for (; r < rows; r++) target[r] = bfloat16_bits(x[r]) >> 16;
      }
    }
    for (size_t column = 0; column < padded; column += PANEL) {
      const float *from = b + term * term_stride + column * column_stride;
      const float *before = start ? start + column : 0;
      size_t width = columns - column;
      if (padded - column >= PANEL) {
        FOR(pack_panel)(panel, from, count, width < PANEL ? width : PANEL, term_stride,
                        column_stride, PANEL);
        FOR(stripe)(c + column, c_stride, before, start_stride, scratch, 1, rows, panel, rows,
                    pairs, 2);
      } else {
        FOR(pack_panel)(panel, from, count, width < LANES ? width : LANES, term_stride,
                        column_stride, LANES);
        FOR(stripe)(c + column, c_stride, before, start_stride, scratch, 1, rows, panel, rows,
                    pairs, 1);
      }
    }
    start = c;
    start_stride = c_stride;
    term += count;
  } while (term < terms);
}
