#ifndef FLORA_KERNEL_LEVELS_H
#define FLORA_KERNEL_LEVELS_H

#include "kernels_common.h"

// A single binary is fast on every machine: each kernel is compiled once per instruction level. The
// first call selects the highest level that the processor supports, or the one that FLORA_KERNELS
// names.

typedef enum {
  LEVEL_BASELINE,  // every processor of the architecture: SSE2 on x86-64, NEON on ARM
  LEVEL_AVX2,      // x86-64-v3: AVX2 and FMA
  LEVEL_AVX512,    // x86-64-v4: AVX-512 F, BW, CD, DQ and VL
} Level;

// The level of all kernels.
Level kernel_level(void);

// Defines a kernel. Its body follows, in which `level` is a constant:
//
//     KERNEL(void, flora_negate, (float *x, size_t count), (x, count)) {
//       for (size_t i = 0; i < count; i++) x[i] = -x[i];
//     }
#define KERNEL(...) KERNEL_WITH(, __VA_ARGS__)
#define STATIC_KERNEL(...) KERNEL_WITH(static, __VA_ARGS__)

// Thread Sanitizer would instrument every element of every loop.
#if UNDER_THREAD_SANITIZER
#define UNWATCHED __attribute__((no_sanitize("thread")))
#else
#define UNWATCHED
#endif

#define BODY(name) name##_body
#define BODY_PARAMETERS(...) (const Level level, __VA_ARGS__)
#define BASELINE_ARGUMENTS(...) (LEVEL_BASELINE, __VA_ARGS__)

#if defined(__x86_64__)

#define FOR_AVX2(name) name##_avx2
#define FOR_AVX512(name) name##_avx512
#define AVX2_ARGUMENTS(...) (LEVEL_AVX2, __VA_ARGS__)
#define AVX512_ARGUMENTS(...) (LEVEL_AVX512, __VA_ARGS__)

// The instructions of x86-64-v4 by name: with that name, loops would be vectorised for registers of
// half the width, which takes 1.4 times as long.
#define AVX512                                                                          \
  __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,fma,f16c,bmi,bmi2," \
                        "lzcnt,movbe,popcnt"),                                          \
                 min_vector_width(512)))

#define KERNEL_WITH(storage, result, name, parameters, arguments)                       \
  UNWATCHED ALWAYS_INLINE result BODY(name) BODY_PARAMETERS parameters;                 \
  UNWATCHED AVX512 static result FOR_AVX512(name) parameters {                          \
    return BODY(name) AVX512_ARGUMENTS arguments;                                       \
  }                                                                                     \
  UNWATCHED __attribute__((target("arch=x86-64-v3"))) static result FOR_AVX2(name)      \
      parameters {                                                                      \
    return BODY(name) AVX2_ARGUMENTS arguments;                                         \
  }                                                                                     \
  UNWATCHED storage result name parameters {                                            \
    switch (kernel_level()) {                                                           \
      case LEVEL_AVX512: return FOR_AVX512(name) arguments;                             \
      case LEVEL_AVX2: return FOR_AVX2(name) arguments;                                 \
      case LEVEL_BASELINE: break;                                                       \
    }                                                                                   \
    return BODY(name) BASELINE_ARGUMENTS arguments;                                     \
  }                                                                                     \
  UNWATCHED ALWAYS_INLINE result BODY(name) BODY_PARAMETERS parameters

#else

#define KERNEL_WITH(storage, result, name, parameters, arguments)                       \
  UNWATCHED ALWAYS_INLINE result BODY(name) BODY_PARAMETERS parameters;                 \
  UNWATCHED storage result name parameters {                                            \
    return BODY(name) BASELINE_ARGUMENTS arguments;                                     \
  }                                                                                     \
  UNWATCHED ALWAYS_INLINE result BODY(name) BODY_PARAMETERS parameters

#endif

#endif
