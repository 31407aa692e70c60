#include "CKernels.h"

#include "kernel_levels.h"

// Sums may be reassociated across vector lanes and contracted to fused multiply-adds; everything
// else is IEEE 754.
#pragma clang fp reassociate(on) contract(fast)

KERNEL(void, flora_fill_rows,
       (float *restrict y, const float *restrict row, size_t rows, size_t columns),
       (y, row, rows, columns)) {
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) y[r * columns + c] = row[c];
}

KERNEL(void, flora_add_row,
       (float *restrict y, const float *restrict x, const float *restrict row, size_t rows,
        size_t columns),
       (y, x, row, rows, columns)) {
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) y[r * columns + c] = x[r * columns + c] + row[c];
}

KERNEL(void, flora_add_column_sums,
       (float *restrict sum, const float *restrict x, size_t rows, size_t columns),
       (sum, x, rows, columns)) {
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < columns; c++) sum[c] += x[row * columns + c];
}

KERNEL(void, flora_subtract,
       (float *restrict y, const float *restrict x, size_t count),
       (y, x, count)) {
  for (size_t i = 0; i < count; i++) y[i] -= x[i];
}

KERNEL(void, flora_add_scaled,
       (float *restrict y, const float *restrict x, float scale, size_t count),
       (y, x, scale, count)) {
  for (size_t i = 0; i < count; i++) y[i] += scale * x[i];
}

KERNEL(void, flora_add_scaled_difference,
       (float *restrict y, const float *restrict a, const float *restrict b, float scale,
        size_t count),
       (y, a, b, scale, count)) {
  for (size_t i = 0; i < count; i++) y[i] += scale * (a[i] - b[i]);
}

KERNEL(void, flora_gather_rows,
       (float *restrict y, const float *restrict x, const int32_t *restrict rows, size_t count,
        size_t columns),
       (y, x, rows, count, columns)) {
  for (size_t r = 0; r < count; r++)
    memcpy(y + r * columns, x + (size_t)rows[r] * columns, columns * sizeof(float));
}

KERNEL(void, flora_scatter_add_rows,
       (float *restrict y, const float *restrict x, const int32_t *restrict rows, size_t count,
        size_t columns),
       (y, x, rows, count, columns)) {
  for (size_t r = 0; r < count; r++) {
    float *target = y + (size_t)rows[r] * columns;
    for (size_t c = 0; c < columns; c++) target[c] += x[r * columns + c];
  }
}
