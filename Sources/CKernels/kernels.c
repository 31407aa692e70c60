#include "CKernels.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

// One binary is fast on each machine: the loader picks the widest clone that the CPU has.
#if defined(__x86_64__) && defined(__ELF__)
#define MULTIVERSIONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MULTIVERSIONED
#endif

// Sums may be split over vector lanes, and products fused into them; everything else stays IEEE.
#pragma clang fp reassociate(on) contract(fast)

// e^x to about one unit in the last place: x = n ln 2 + r, a polynomial in r, and n into the exponent.
// A loop over it vectorises, which one over the library's expf does not.
static inline float exponential(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  float n = __builtin_rintf(x * 1.44269504f);
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  int32_t bits = ((int32_t)n + 127) << 23;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}

// The square root without the library call's errno, which would keep loops from vectorising.
static inline float square_root(float x) { return __builtin_elementwise_sqrt(x); }

static inline float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

MULTIVERSIONED
void flora_layer_norm_forward(float *y, float *mean, float *reciprocal_deviation, const float *x,
                              const float *weight, const float *bias, size_t rows, size_t columns,
                              float epsilon) {
  for (size_t row = 0; row < rows; row++) {
    const float *xr = x + row * columns;
    float *yr = y + row * columns;
    float sum = 0, squares = 0;
    for (size_t c = 0; c < columns; c++) sum += xr[c];
    float average = sum / (float)columns;
    for (size_t c = 0; c < columns; c++) squares += (xr[c] - average) * (xr[c] - average);
    float reciprocal = 1.0f / square_root(squares / (float)columns + epsilon);
    for (size_t c = 0; c < columns; c++) yr[c] = (xr[c] - average) * reciprocal * weight[c] + bias[c];
    mean[row] = average;
    reciprocal_deviation[row] = reciprocal;
  }
}

MULTIVERSIONED
void flora_layer_norm_backward(float *dx, bool accumulate, float *weight_gradient,
                               float *bias_gradient, const float *dy, const float *x,
                               const float *mean, const float *reciprocal_deviation,
                               const float *weight, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++) {
    const float *xr = x + row * columns, *dyr = dy + row * columns;
    float average = mean[row], reciprocal = reciprocal_deviation[row];
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

MULTIVERSIONED
void flora_softmax_forward(float *scores, size_t rows, size_t columns, bool causal) {
  for (size_t row = 0; row < rows; row++) {
    float *s = scores + row * columns;
    size_t visible = causal && row + 1 < columns ? row + 1 : columns;
    float largest = s[0], sum = 0;
    for (size_t c = 1; c < visible; c++) largest = s[c] > largest ? s[c] : largest;
    for (size_t c = 0; c < visible; c++) {
      float e = exponential(s[c] - largest);
      s[c] = e;
      sum += e;
    }
    float reciprocal = 1.0f / sum;
    for (size_t c = 0; c < visible; c++) s[c] *= reciprocal;
    for (size_t c = visible; c < columns; c++) s[c] = 0;
  }
}

MULTIVERSIONED
void flora_softmax_backward(float *restrict dp, const float *restrict p, size_t rows,
                            size_t columns) {
  for (size_t row = 0; row < rows; row++) {
    float *d = dp + row * columns;
    const float *q = p + row * columns;
    float dot = 0;
    for (size_t c = 0; c < columns; c++) dot += d[c] * q[c];
    for (size_t c = 0; c < columns; c++) d[c] = q[c] * (d[c] - dot);
  }
}

MULTIVERSIONED
void flora_add_row(float *restrict y, const float *restrict bias, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < columns; c++) y[row * columns + c] += bias[c];
}

MULTIVERSIONED
void flora_add_column_sums(float *restrict sum, const float *restrict x, size_t rows,
                           size_t columns) {
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < columns; c++) sum[c] += x[row * columns + c];
}

MULTIVERSIONED
void flora_add(float *restrict y, const float *restrict x, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] += x[i];
}

MULTIVERSIONED
void flora_normalize_forward(float *restrict unit, float *restrict reciprocal_norm,
                             const float *restrict x, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++) {
    const float *xr = x + row * columns;
    float squares = 0;
    for (size_t c = 0; c < columns; c++) squares += xr[c] * xr[c];
    float reciprocal = 1.0f / square_root(squares);
    for (size_t c = 0; c < columns; c++) unit[row * columns + c] = xr[c] * reciprocal;
    reciprocal_norm[row] = reciprocal;
  }
}

MULTIVERSIONED
void flora_normalize_backward(float *restrict dunit, const float *restrict unit,
                              const float *restrict reciprocal_norm, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++) {
    float *d = dunit + row * columns;
    const float *u = unit + row * columns;
    float dot = 0;
    for (size_t c = 0; c < columns; c++) dot += d[c] * u[c];
    for (size_t c = 0; c < columns; c++) d[c] = (d[c] - u[c] * dot) * reciprocal_norm[row];
  }
}

float flora_log_sum_exp(const float *x, const float *weight, size_t count, size_t stride) {
  float largest = -INFINITY;
  for (size_t i = 0; i < count; i++)
    if ((!weight || weight[i] > 0) && !(x[i * stride] <= largest)) largest = x[i * stride];
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    if (!weight || weight[i] > 0)
      sum += (weight ? weight[i] : 1.0f) * (double)expf(x[i * stride] - largest);
  return largest + (float)log(sum);
}

MULTIVERSIONED
void flora_adam_step(float *restrict parameter, const float *restrict gradient,
                     float *restrict first_moment, float *restrict second_moment, size_t count,
                     float learning_rate, float beta1, float beta2, float epsilon,
                     float weight_decay, bool decoupled, float bias_correction1,
                     float bias_correction2) {
  float step = learning_rate / bias_correction1;
  float root = 1.0f / square_root(bias_correction2);
  float shrink = decoupled ? 1.0f - learning_rate * weight_decay : 1.0f;
  float penalty = decoupled ? 0.0f : weight_decay;
  for (size_t i = 0; i < count; i++) {
    float p = parameter[i] * shrink;
    float g = gradient[i] + penalty * parameter[i];
    float m = beta1 * first_moment[i] + (1.0f - beta1) * g;
    float v = beta2 * second_moment[i] + (1.0f - beta2) * g * g;
    first_moment[i] = m;
    second_moment[i] = v;
    parameter[i] = p - step * m / (square_root(v) * root + epsilon);
  }
}
