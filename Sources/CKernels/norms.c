#include "CKernels.h"

#include "kernel_levels.h"

// Sums may be reassociated across vector lanes and contracted to fused multiply-adds; everything
// else is IEEE 754.
#pragma clang fp reassociate(on) contract(fast)

KERNEL(void, flora_layer_norm_forward,
       (float *y, float *statistics, const float *x, const float *weight, const float *bias,
        size_t rows, size_t columns, float epsilon),
       (y, statistics, x, weight, bias, rows, columns, epsilon)) {
  for (size_t row = 0; row < rows; row++) {
    const float *xr = x + row * columns;
    float *yr = y + row * columns;
    float sum = 0, squares = 0;
    for (size_t c = 0; c < columns; c++) sum += xr[c];
    float average = sum / (float)columns;
    for (size_t c = 0; c < columns; c++) squares += (xr[c] - average) * (xr[c] - average);
    float reciprocal = 1.0f / square_root(squares / (float)columns + epsilon);
    for (size_t c = 0; c < columns; c++) yr[c] = (xr[c] - average) * reciprocal * weight[c] + bias[c];
    statistics[2 * row] = average;
    statistics[2 * row + 1] = reciprocal;
  }
}

KERNEL(void, flora_layer_norm_backward,
       (float *dx, bool accumulate, float *weight_gradient, float *bias_gradient, const float *dy,
        const float *x, const float *statistics, const float *weight, size_t rows, size_t columns),
       (dx, accumulate, weight_gradient, bias_gradient, dy, x, statistics, weight, rows, columns)) {
  for (size_t row = 0; row < rows; row++) {
    const float *xr = x + row * columns, *dyr = dy + row * columns;
    float average = statistics[2 * row], reciprocal = statistics[2 * row + 1];
    if (weight_gradient)
      for (size_t c = 0; c < columns; c++)
        weight_gradient[c] += dyr[c] * (xr[c] - average) * reciprocal;
    if (bias_gradient)
      for (size_t c = 0; c < columns; c++) bias_gradient[c] += dyr[c];
    if (!dx) continue;
    float *dxr = dx + row * columns;
    float sum = 0, projection = 0;
    for (size_t c = 0; c < columns; c++) {
      float g = dyr[c] * weight[c];
      sum += g;
      projection += g * (xr[c] - average) * reciprocal;
    }
    sum /= (float)columns;
    projection /= (float)columns;
    for (size_t c = 0; c < columns; c++) {
      float normalized = (xr[c] - average) * reciprocal;
      float value = (dyr[c] * weight[c] - sum - normalized * projection) * reciprocal;
      dxr[c] = accumulate ? dxr[c] + value : value;
    }
  }
}

KERNEL(void, flora_normalize_forward,
       (float *restrict unit, float *restrict reciprocal_norm, const float *restrict x,
        size_t rows, size_t columns),
       (unit, reciprocal_norm, x, rows, columns)) {
  for (size_t row = 0; row < rows; row++) {
    const float *xr = x + row * columns;
    float squares = 0;
    for (size_t c = 0; c < columns; c++) squares += xr[c] * xr[c];
    float reciprocal = 1.0f / square_root(squares);
    for (size_t c = 0; c < columns; c++) unit[row * columns + c] = xr[c] * reciprocal;
    reciprocal_norm[row] = reciprocal;
  }
}

KERNEL(void, flora_normalize_backward,
       (float *restrict dunit, const float *restrict unit, const float *restrict reciprocal_norm,
        size_t rows, size_t columns),
       (dunit, unit, reciprocal_norm, rows, columns)) {
  for (size_t row = 0; row < rows; row++) {
    float *d = dunit + row * columns;
    const float *u = unit + row * columns;
    float dot = 0;
    for (size_t c = 0; c < columns; c++) dot += d[c] * u[c];
    for (size_t c = 0; c < columns; c++) d[c] = (d[c] - u[c] * dot) * reciprocal_norm[row];
  }
}
