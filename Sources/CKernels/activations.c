#include "CKernels.h"

#include <math.h>

#include "kernels_common.h"

// Sums may be split over vector lanes, and products fused into them; everything else stays IEEE.
#pragma clang fp reassociate(on) contract(fast)

ALWAYS_INLINE float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

MULTIVERSIONED
void flora_quick_gelu_forward(float *restrict y, const float *restrict x, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = x[i] * sigmoid(1.702f * x[i]);
}

MULTIVERSIONED
void flora_quick_gelu_backward(float *restrict dy, const float *restrict x, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float s = sigmoid(1.702f * x[i]);
    dy[i] *= s + 1.702f * x[i] * s * (1.0f - s);
  }
}

void flora_gelu_forward(float *y, const float *x, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = 0.5f * x[i] * (1.0f + erff(x[i] * 0.70710678f));
}

void flora_gelu_backward(float *dy, const float *x, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float cumulative = 0.5f * (1.0f + erff(x[i] * 0.70710678f));
    float density = 0.39894228f * expf(-0.5f * x[i] * x[i]);
    dy[i] *= cumulative + x[i] * density;
  }
}
