#ifndef FLORA_BFLOAT16_ROUNDING_H
#define FLORA_BFLOAT16_ROUNDING_H

#include "kernels_common.h"

// Rounds float32 to bfloat16 like processors with AVX512-BF16 and vcvtneps2bf16: to nearest, ties
// to even; overflow becomes infinite, NaN stays NaN, and subnormal numbers become zero of the same
// sign.

// The bits of x rounded, in the upper half; the lower half is 0.
ALWAYS_INLINE uint32_t bfloat16_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  uint32_t magnitude = bits & 0x7fffffffu;
  uint32_t nearest = bits + 0x7fffu + (bits >> 16 & 1);
  nearest = magnitude > 0x7f800000u ? bits | 0x00400000u : nearest;
  nearest = magnitude < 0x00800000u ? bits & 0x80000000u : nearest;
  return nearest & 0xffff0000u;
}

ALWAYS_INLINE float bfloat16_rounded(float x) {
  uint32_t bits = bfloat16_bits(x);
  float rounded;
  memcpy(&rounded, &bits, sizeof rounded);
  return rounded;
}

#endif
