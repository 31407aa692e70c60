#include "CKernels.h"

#include <stdatomic.h>

#include "bfloat16_rounding.h"
#include "kernel_levels.h"

// Products of float32 matrices in bfloat16. Each operand is rounded once, and sums accumulate in
// float32 in the order of vdpbf16ps, which does not add its two products to each other first:
//
//     sum = a1 b1 + sum, then sum = a0 b0 + sum
//
// each with a single rounding to nearest, ties to even, and subnormal sums flushed to zero of the
// same sign. (Intel's manual specifies this, and an AMD processor matches every bit of the tests.)
// If the instruction is missing or behaves differently, an emulation gives the same bits.
#pragma clang fp contract(off)

#define LOAD(x) (*(const Lanes *)(x))
#define UNROLL _Pragma("clang loop unroll(full)")

enum { BLOCK_ROWS = 8, BLOCK_LANES = 2, PANEL = BLOCK_LANES * LANES };
// The rows that pass over all panels before the next ones; the pairs of terms whose part of a panel
// fits the L1 cache.
enum { CHUNK_ROWS = 96, CHUNK_PAIRS = 192 };

typedef uint32_t Words __attribute__((ext_vector_type(16), aligned(4)));

// Flushes subnormal numbers to zero of the same sign. (Vectors are passed by address because
// passing them by value depends on the processor.)
ALWAYS_INLINE void flush(Lanes *x) {
  Words bits = (Words)*x;
  Words is_subnormal = (Words)((bits & 0x7f800000u) == 0u);
  *x = (Lanes)(bits & ~(is_subnormal & 0x7fffffffu));
}

ALWAYS_INLINE void add_pairs(Lanes *sum, uint32_t a, const uint32_t *pairs) {
  Words b = *(const Words *)pairs, factors = (Words){0} + a;
  *sum = __builtin_elementwise_fma((Lanes)(factors & 0xffff0000u), (Lanes)(b & 0xffff0000u), *sum);
  flush(sum);
  *sum = __builtin_elementwise_fma((Lanes)(factors << 16), (Lanes)(b << 16), *sum);
  flush(sum);
}

ALWAYS_INLINE void round_adjacent(uint32_t *target, const float *x) {
  for (size_t i = 0; i < LANES; i++)
    target[i] = bfloat16_bits(x[2 * i]) >> 16 | bfloat16_bits(x[2 * i + 1]);
}

ALWAYS_INLINE void round_rows(uint32_t *target, const float *x, const float *y) {
  for (size_t i = 0; i < LANES; i++)
    target[i] = bfloat16_bits(x[i]) >> 16 | bfloat16_bits(y[i]);
}

#define FOR(name) name##_emulated
#define ENTRY STATIC_KERNEL
#define INNER ALWAYS_INLINE
#define ADD_PAIRS add_pairs
#define ROUND_ADJACENT round_adjacent
#define ROUND_ROWS round_rows
#include "bfloat16_products.h"
#undef FOR
#undef ENTRY
#undef INNER
#undef ADD_PAIRS
#undef ROUND_ADJACENT
#undef ROUND_ROWS

#if defined(__x86_64__)

#include <immintrin.h>

#define NATIVE(result, name, parameters, arguments) \
  __attribute__((target("arch=x86-64-v4,avx512bf16"))) static result name parameters
#define NATIVE_INLINE static inline __attribute__((always_inline, target("arch=x86-64-v4,avx512bf16")))

NATIVE_INLINE void native_add_pairs(Lanes *sum, uint32_t a, const uint32_t *b) {
  *sum = (Lanes)_mm512_dpbf16_ps((__m512)*sum, (__m512bh)_mm512_set1_epi32((int)a),
                                  (__m512bh)_mm512_loadu_si512(b));
}

NATIVE_INLINE void native_round_adjacent(uint32_t *target, const float *x) {
  _mm512_storeu_si512(
      target, (__m512i)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(x + LANES), _mm512_loadu_ps(x)));
}

NATIVE_INLINE void native_round_rows(uint32_t *target, const float *x, const float *y) {
  __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(x)));
  __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(y)));
  _mm512_storeu_si512(target, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
}

#define FOR(name) name##_native
#define ENTRY NATIVE
#define INNER NATIVE_INLINE
#define ADD_PAIRS native_add_pairs
#define ROUND_ADJACENT native_round_adjacent
#define ROUND_ROWS native_round_rows
#include "bfloat16_products.h"

// Whether the processor's own instructions give the same bits as the emulation, for operands of all
// magnitudes.
static bool agrees(void) {
  enum { ROWS = 8, COLUMNS = PANEL, TERMS = 34 };
  float a[ROWS * TERMS], b[TERMS * COLUMNS], start[COLUMNS], c[2][ROWS * COLUMNS];
  uint32_t packed[2][COLUMNS * TERMS / 2], scratch[ROWS * TERMS / 2];
  for (uint32_t spread = 1; spread <= 128; spread *= 2) {
    uint32_t state = spread;
    float *const places[] = {a, b, start};
    const size_t counts[] = {ROWS * TERMS, TERMS * COLUMNS, COLUMNS};
    for (size_t i = 0; i < 3; i++)
      for (size_t j = 0; j < counts[i]; j++) {
        // Magnitudes around 1 first, then a range wide enough for subnormal and infinite products.
        state = state * 1664525u + 1013904223u;
        uint32_t exponent = 127 - spread / 2 + (state >> 24) % spread;
        uint32_t bits = (state & 0x807fffffu) | exponent << 23;
        memcpy(&places[i][j], &bits, sizeof bits);
      }
    flora_bfloat16_pack_native(packed[0], b, TERMS, COLUMNS, COLUMNS, 1);
    flora_bfloat16_pack_emulated(packed[1], b, TERMS, COLUMNS, COLUMNS, 1);
    flora_bfloat16_product_native(c[0], COLUMNS, start, 0, a, TERMS, packed[0], ROWS, COLUMNS,
                                  TERMS, scratch);
    flora_bfloat16_product_emulated(c[1], COLUMNS, start, 0, a, TERMS, packed[1], ROWS, COLUMNS,
                                    TERMS, scratch);
    if (memcmp(packed[0], packed[1], sizeof packed[0])) return false;
    for (size_t i = 0; i < ROWS * COLUMNS; i++)
      if (memcmp(&c[0][i], &c[1][i], sizeof(float)) && !(c[0][i] != c[0][i] && c[1][i] != c[1][i]))
        return false;
  }
  return true;
}

static bool can_be_native(void) {
  __builtin_cpu_init();
  return kernel_level() == LEVEL_AVX512 && __builtin_cpu_supports("avx512bf16") && agrees();
}

#define CHOOSE(name, ...) \
  if (flora_bfloat16_is_native()) name##_native(__VA_ARGS__); else name##_emulated(__VA_ARGS__)

#else

static bool can_be_native(void) { return false; }

#define CHOOSE(name, ...) name##_emulated(__VA_ARGS__)

#endif

// Which implementation is in use; unknown before the first product.
enum { UNKNOWN, EMULATED, NATIVE_ONE };
static _Atomic int kind = UNKNOWN;

bool flora_bfloat16_use_native(bool native) {
  native = native && can_be_native();
  atomic_store_explicit(&kind, native ? NATIVE_ONE : EMULATED, memory_order_relaxed);
  return native;
}

bool flora_bfloat16_is_native(void) {
  int known = atomic_load_explicit(&kind, memory_order_relaxed);
  if (known != UNKNOWN) return known == NATIVE_ONE;
  return flora_bfloat16_use_native(!flora_kernels_emulate_bfloat16());
}

size_t flora_bfloat16_packed_count(size_t terms, size_t columns) {
  return (terms + 1) / 2 * round_up(columns);
}

void flora_bfloat16_pack(uint32_t *packed, const float *b, size_t terms, size_t columns,
                         size_t term_stride, size_t column_stride) {
  CHOOSE(flora_bfloat16_pack, packed, b, terms, columns, term_stride, column_stride);
}

size_t flora_bfloat16_product_scratch(size_t rows, size_t terms) {
  return (rows < CHUNK_ROWS ? rows : CHUNK_ROWS) * ((terms + 1) / 2);
}

void flora_bfloat16_product(float *c, size_t c_stride, const float *start, size_t start_stride,
                            const float *a, size_t a_stride, const uint32_t *packed, size_t rows,
                            size_t columns, size_t terms, uint32_t *scratch) {
  CHOOSE(flora_bfloat16_product, c, c_stride, start, start_stride, a, a_stride, packed, rows,
         columns, terms, scratch);
}

size_t flora_bfloat16_transposed_product_scratch(size_t rows, size_t terms) {
  size_t pairs = (terms + 1) / 2;
  return rows * (pairs < CHUNK_PAIRS ? pairs : CHUNK_PAIRS);
}

void flora_bfloat16_transposed_product(float *c, size_t c_stride, const float *start,
                                       size_t start_stride, const float *a, size_t a_stride,
                                       const float *b, size_t term_stride, size_t column_stride,
                                       size_t rows, size_t columns, size_t terms,
                                       uint32_t *scratch) {
  CHOOSE(flora_bfloat16_transposed_product, c, c_stride, start, start_stride, a, a_stride, b,
         term_stride, column_stride, rows, columns, terms, scratch);
}

KERNEL(void, flora_bfloat16_round,
       (float *restrict y, const float *restrict x, size_t count),
       (y, x, count)) {
  for (size_t i = 0; i < count; i++) y[i] = bfloat16_rounded(x[i]);
}

void flora_bfloat16_combine(float *c, size_t c_stride, const float *sums, size_t sums_stride,
                            size_t rows, size_t columns, float alpha, float beta) {
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < columns; i++) {
      float *to = c + r * c_stride + i;
      float product = alpha * sums[r * sums_stride + i];
      *to = beta == 0 ? product : product + beta * *to;
    }
}
