#ifndef FLORA_KERNELS_COMMON_H
#define FLORA_KERNELS_COMMON_H

#include <stdint.h>
#include <string.h>

#if defined(__has_feature)
#define UNDER_THREAD_SANITIZER __has_feature(thread_sanitizer)
#else
#define UNDER_THREAD_SANITIZER 0
#endif

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

// Sixteen lanes: one AVX-512 register, two of AVX2, four of SSE or NEON.
enum { LANES = 16 };
typedef float Lanes __attribute__((ext_vector_type(16), aligned(4)));

// e^x to about one unit in the last place: x = n ln 2 + r, a polynomial in r, and n added to the
// exponent. Loops over it vectorise; loops over the library's expf do not.
ALWAYS_INLINE float exponential(float argument) {
  float x = argument < -87.0f ? -87.0f : argument;
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
  // At least -126, except for NaN, whose conversion is undefined; NaN propagates through p.
  n = n > -127.0f ? n : -127.0f;
  uint32_t bits = (uint32_t)((int32_t)n + 127) << 23;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return argument < -87.0f ? 0.0f : p * scale;
}

// The square root without setting errno, which would prevent loops from vectorising.
ALWAYS_INLINE float square_root(float x) { return __builtin_elementwise_sqrt(x); }

ALWAYS_INLINE size_t round_up(size_t count) { return (count + LANES - 1) / LANES * LANES; }

#endif
