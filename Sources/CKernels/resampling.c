#include "CKernels.h"

#include "kernel_levels.h"

typedef uint32_t Sums __attribute__((ext_vector_type(16), aligned(4)));
typedef uint8_t Bytes __attribute__((ext_vector_type(16), aligned(1)));

enum { MOST_CHANNELS = 4 };

// The weighted sums of a pixel's channels. As many lane vectors as channels together hold each channel
// in the same lanes for all pixels. Integers, so that the order of summation does not matter; unsigned
// ones, whose wrapping is defined.
ALWAYS_INLINE void resize_pixel(uint8_t *restrict to, const uint8_t *from, const int32_t *weights,
                                size_t count, const size_t channels) {
  uint32_t sums[MOST_CHANNELS * LANES] = {0};
  size_t block = channels * LANES, whole = count / block * block;
  Sums lanes[MOST_CHANNELS];
  UNROLL for (size_t v = 0; v < channels; v++) lanes[v] = (Sums)0;
  for (size_t k = 0; k < whole; k += block)
    UNROLL for (size_t v = 0; v < channels; v++) {
      size_t at = k + v * LANES;
      lanes[v] += __builtin_convertvector(*(const Bytes *)(from + at), Sums) *
                  *(const Sums *)(weights + at);
    }
  UNROLL for (size_t v = 0; v < channels; v++) *(Sums *)(sums + v * LANES) = lanes[v];
  for (size_t k = whole; k < count; k++) sums[k - whole] += from[k] * (uint32_t)weights[k];
  for (size_t channel = 0; channel < channels; channel++) {
    uint32_t sum = 1u << (FLORA_RESIZE_FRACTION_BITS - 1);
    for (size_t i = channel; i < block; i += channels) sum += sums[i];
    int32_t value = (int32_t)sum >> FLORA_RESIZE_FRACTION_BITS;
    to[channel] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
  }
}

KERNEL(void, flora_resize_line,
       (uint8_t *restrict to, const uint8_t *from, size_t first, const int32_t *weights,
        const FloraTaps *taps, size_t pixels, size_t channels),
       (to, from, first, weights, taps, pixels, channels)) {
  for (size_t pixel = 0; pixel < pixels; pixel++) {
    uint8_t *target = to + pixel * channels;
    const uint8_t *source = from + (taps[pixel].start - first) * channels;
    const int32_t *some = weights + taps[pixel].first * channels;
    size_t count = taps[pixel].count * channels;
    switch (channels) {
      case 1: resize_pixel(target, source, some, count, 1); break;
      case 2: resize_pixel(target, source, some, count, 2); break;
      case 3: resize_pixel(target, source, some, count, 3); break;
      case 4: resize_pixel(target, source, some, count, 4); break;
      default: __builtin_trap();
    }
  }
}
