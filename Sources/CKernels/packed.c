#include "CKernels.h"

#include "products.h"

// Sums may be split over vector lanes, and products fused into them; everything else stays IEEE.
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

void flora_pack(float *restrict packed, const float *restrict b, size_t terms, size_t columns,
                size_t term_stride, size_t column_stride) {
  for (size_t column = 0; column < columns; column += PANEL)
    for (size_t k = 0; k < terms; k++)
      for (size_t c = 0; c < PANEL; c++)
        *packed++ = b[k * term_stride + (column + c) * column_stride];
}

// Rows that pass all panels before the next ones do: with their own columns they stay in the
// second-level cache.
enum { CHUNK_ROWS = 96 };

ALWAYS_INLINE void packed_product(float *c, const float *a, const float *packed, size_t rows,
                                  size_t columns, size_t terms, const int accumulate) {
  for (size_t row = 0; row < rows; row += CHUNK_ROWS) {
    size_t count = rows - row < CHUNK_ROWS ? rows - row : CHUNK_ROWS;
    Operand operand = {a + row * terms, terms, 1};
    for (size_t column = 0; column < columns; column += PANEL)
      stripe(c + row * columns + column, columns, operand, packed + column * terms, PANEL, count,
             terms, accumulate, BLOCK_LANES);
  }
}

MULTIVERSIONED
void flora_packed_product(float *c, const float *a, const float *packed, size_t rows,
                          size_t columns, size_t terms, bool accumulate) {
  if (accumulate)
    packed_product(c, a, packed, rows, columns, terms, 1);
  else
    packed_product(c, a, packed, rows, columns, terms, 0);
}
