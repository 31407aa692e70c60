#include "CKernels.h"

#include "kernel_levels.h"

// Sums may be reassociated across vector lanes and contracted to fused multiply-adds; everything
// else is IEEE 754.
#pragma clang fp reassociate(on) contract(fast)

ALWAYS_INLINE float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

KERNEL(void, flora_quick_gelu_forward,
       (float *restrict y, const float *restrict x, size_t count),
       (y, x, count)) {
  for (size_t i = 0; i < count; i++) y[i] = x[i] * sigmoid(1.702f * x[i]);
}

KERNEL(void, flora_quick_gelu_backward,
       (float *restrict dy, const float *restrict x, size_t count),
       (dy, x, count)) {
  for (size_t i = 0; i < count; i++) {
    float s = sigmoid(1.702f * x[i]);
    dy[i] *= s + 1.702f * x[i] * s * (1.0f - s);
  }
}

// The standard normal CDF, within 2e-7; x times it is within 2e-7 of the larger of 1 and its
// magnitude.
//
// With a = |x|: Phi(-a) = exp(-a^2 / 2) g(a), and g(a) = 0.5 - u q(u) with u = 0.3 a / (1 + 0.3 a),
// which maps 0 ..< infinity to 0 ..< 1. q is the minimax polynomial of degree 7 for the relative
// error of g at a <= 14, 7e-8, by weighted least squares whose weights follow the error (Lawson's
// iteration). At 0 the CDF is 0.5.
ALWAYS_INLINE float normal_distribution(float x, float gaussian) {
  float a = __builtin_fabsf(x);
  float u = 0.3f * a / (1.0f + 0.3f * a);
  float q = -0.03808891400694847f;
  q = q * u + 0.13680878281593323f;
  q = q * u - 0.11750489473342896f;
  q = q * u - 0.10912837088108063f;
  q = q * u + 0.04502294212579727f;
  q = q * u + 0.701174259185791f;
  q = q * u - 1.4481014013290405f;
  q = q * u + 1.3298112154006958f;
  float tail = (0.5f - u * q) * gaussian;
  return x < 0.0f ? tail : 1.0f - tail;
}

KERNEL(void, flora_gelu_forward,
       (float *restrict y, const float *restrict x, size_t count),
       (y, x, count)) {
  for (size_t i = 0; i < count; i++) {
    y[i] = x[i] * normal_distribution(x[i], exponential(-0.5f * x[i] * x[i]));
  }
}

KERNEL(void, flora_gelu_backward,
       (float *restrict dy, const float *restrict x, size_t count),
       (dy, x, count)) {
  for (size_t i = 0; i < count; i++) {
    float gaussian = exponential(-0.5f * x[i] * x[i]);
    dy[i] *= normal_distribution(x[i], gaussian) + 0.39894228f * x[i] * gaussian;
  }
}
