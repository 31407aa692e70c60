#include "CKernels.h"

#include <math.h>

#include "kernel_levels.h"

// Sums may be reassociated across vector lanes and contracted to fused multiply-adds; everything
// else is IEEE 754.
#pragma clang fp reassociate(on) contract(fast)

KERNEL(void, flora_tanh_forward, (float *y, size_t count), (y, count)) {
  for (size_t i = 0; i < count; i++) y[i] = 1.0f - 2.0f / (1.0f + exponential(2.0f * y[i]));
}

KERNEL(void, flora_tanh_backward,
       (float *restrict dy, const float *restrict y, size_t count),
       (dy, y, count)) {
  for (size_t i = 0; i < count; i++) dy[i] *= 1.0f - y[i] * y[i];
}

KERNEL(void, flora_relu_forward, (float *y, size_t count), (y, count)) {
  for (size_t i = 0; i < count; i++) y[i] = y[i] > 0 ? y[i] : 0;
}

KERNEL(void, flora_relu_backward,
       (float *restrict dy, const float *restrict y, size_t count, float scale),
       (dy, y, count, scale)) {
  for (size_t i = 0; i < count; i++) dy[i] = y[i] > 0 ? scale * dy[i] : 0;
}

KERNEL(void, flora_mix,
       (float *restrict y, const float *restrict a, const float *restrict x, float ratio,
        size_t count),
       (y, a, x, ratio, count)) {
  for (size_t i = 0; i < count; i++) y[i] = ratio * a[i] + (1.0f - ratio) * x[i];
}

KERNEL(void, flora_softmax_gate_forward,
       (float *restrict y, float *restrict scores, const float *restrict x, size_t rows,
        size_t columns),
       (y, scores, x, rows, columns)) {
  for (size_t row = 0; row < rows; row++) {
    float *s = scores + row * columns;
    float best = -INFINITY, sum = 0;
    for (size_t c = 0; c < columns; c++) best = s[c] > best ? s[c] : best;
    for (size_t c = 0; c < columns; c++) {
      s[c] = exponential(s[c] - best);
      sum += s[c];
    }
    float reciprocal = 1.0f / sum;
    for (size_t c = 0; c < columns; c++) {
      s[c] *= reciprocal;
      y[row * columns + c] = s[c] * x[row * columns + c];
    }
  }
}

KERNEL(void, flora_softmax_gate_backward,
       (float *restrict dy, const float *restrict gate, const float *restrict x, size_t rows,
        size_t columns),
       (dy, gate, x, rows, columns)) {
  for (size_t row = 0; row < rows; row++) {
    float *d = dy + row * columns;
    const float *g = gate + row * columns, *xr = x + row * columns;
    float mean = 0;
    for (size_t c = 0; c < columns; c++) mean += g[c] * d[c] * xr[c];
    for (size_t c = 0; c < columns; c++) d[c] = g[c] * (d[c] * xr[c] - mean);
  }
}
