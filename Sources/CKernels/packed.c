#include "CKernels.h"

#include "products.h"

// Sums may be reassociated across vector lanes and contracted to fused multiply-adds; everything
// else is IEEE 754.
#pragma clang fp reassociate(on) contract(fast)

enum { PANEL = BLOCK_LANES * LANES };

bool flora_packed_products_pay(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

size_t flora_packed_panel(void) { return PANEL; }

// Packs panel after panel. If rows are contiguous along the terms, a panel is the transpose of some
// rows: it packs a few terms at a time, so that the output stays in the L1 cache.
MULTIVERSIONED
void flora_pack(float *restrict packed, const float *restrict b, size_t terms, size_t columns,
                size_t term_stride, size_t column_stride) {
  for (size_t column = 0; column < columns; column += PANEL) {
    const float *panel = b + column * column_stride;
    if (column_stride == 1) {
      for (size_t k = 0; k < terms; k++)
        memcpy(packed + k * PANEL, panel + k * term_stride, PANEL * sizeof(float));
    } else {
      for (size_t block = 0; block < terms; block += LANES) {
        size_t end = block + LANES < terms ? block + LANES : terms;
        for (size_t c = 0; c < PANEL; c++)
          for (size_t k = block; k < end; k++)
            packed[k * PANEL + c] = panel[k * term_stride + c * column_stride];
      }
    }
    packed += PANEL * terms;
  }
}

// The rows that pass over all panels before the next ones; together with their columns they stay in
// the L2 cache.
enum { CHUNK_ROWS = 96 };

ALWAYS_INLINE void packed_product(float *c, const float *start, size_t start_stride, const float *a,
                                  const float *packed, size_t rows, size_t columns, size_t terms,
                                  const int starts) {
  for (size_t row = 0; row < rows; row += CHUNK_ROWS) {
    size_t count = rows - row < CHUNK_ROWS ? rows - row : CHUNK_ROWS;
    Operand operand = {a + row * terms, terms, 1};
    for (size_t column = 0; column < columns; column += PANEL) {
      Operand first = {start + row * start_stride + column, start_stride, 1};
      stripe(c + row * columns + column, columns, first, operand, packed + column * terms, PANEL,
             count, terms, starts, 1, BLOCK_LANES);
    }
  }
}

MULTIVERSIONED
void flora_packed_product(float *c, const float *start, size_t start_stride, const float *a,
                          const float *packed, size_t rows, size_t columns, size_t terms) {
  if (start)
    packed_product(c, start, start_stride, a, packed, rows, columns, terms, 1);
  else
    packed_product(c, c, 0, a, packed, rows, columns, terms, 0);
}

// The number of terms whose part of a panel fits the L1 cache.
enum { CHUNK_TERMS = 192 };

MULTIVERSIONED
void flora_add_transposed_product(float *c, const float *a, const float *b, size_t rows,
                                  size_t columns, size_t terms) {
  float panel[CHUNK_TERMS * PANEL] __attribute__((aligned(64)));
  for (size_t term = 0; term < terms; term += CHUNK_TERMS) {
    size_t count = terms - term < CHUNK_TERMS ? terms - term : CHUNK_TERMS;
    Operand operand = {a + term * rows, 1, rows};
    for (size_t column = 0; column < columns; column += PANEL) {
      for (size_t k = 0; k < count; k++)
        memcpy(panel + k * PANEL, b + (term + k) * columns + column, PANEL * sizeof(float));
      Operand start = {c + column, columns, 1};
      stripe(c + column, columns, start, operand, panel, PANEL, rows, count, 1, 0, BLOCK_LANES);
    }
  }
}
