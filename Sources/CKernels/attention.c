#include "CKernels.h"

#include <math.h>

#include "bfloat16_rounding.h"
#include "packing.h"

// Sums may be reassociated across vector lanes and contracted to fused multiply-adds; everything
// else is IEEE 754.
#pragma clang fp reassociate(on) contract(fast)

// For loops over a multiple of LANES elements, mostly 16 or 32. By itself, the compiler would unroll
// them further and process so few in its scalar remainder loop.
#define LANE_LOOP _Pragma("clang loop vectorize_width(16) interleave_count(1)")

// s = exp(s - max(s)) over the first `visible` of `columns` numbers; the others become 0. `columns` is
// a multiple of LANES.
ALWAYS_INLINE void exponentials(float *restrict s, size_t visible, size_t columns) {
  // Half the width of a size_t, so that a comparison of LANES of them is one instruction.
  const uint32_t seen = (uint32_t)visible, count = (uint32_t)columns;
  LANE_LOOP for (uint32_t c = 0; c < count; c++) s[c] = c < seen ? s[c] : -INFINITY;
  Lanes largest = LOAD(s);
  for (size_t c = LANES; c < columns; c += LANES)
    largest = __builtin_elementwise_max(largest, LOAD(s + c));
  float shift = __builtin_reduce_max(largest);
  LANE_LOOP for (uint32_t c = 0; c < count; c++) {
    float e = exponential(s[c] - shift);
    s[c] = c < seen ? e : 0;
  }
}

// Divides numbers by their sum.
ALWAYS_INLINE void normalize(float *s, size_t columns) {
  Lanes sums = {0};
  for (size_t c = 0; c < columns; c += LANES) sums += LOAD(s + c);
  float sum = 0;
  for (size_t lane = 0; lane < LANES; lane++) sum += sums[lane];
  for (size_t c = 0; c < columns; c += LANES) *(Lanes *)(s + c) = LOAD(s + c) / sum;
}

// y = x rounded to bfloat16; y may be x.
ALWAYS_INLINE void round_all(float *y, const float *x, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = bfloat16_rounded(x[i]);
}

// A head's columns of some rows, zero-padded to a multiple of LANES if necessary.
ALWAYS_INLINE Operand pad(const float *x, size_t stride, size_t rows, size_t columns,
                          float **scratch) {
  size_t padded = round_up(columns);
  if (padded == columns) return (Operand){x, stride, 1};
  float *copy = *scratch;
  *scratch += rows * padded;
  for (size_t r = 0; r < rows; r++) {
    memcpy(copy + r * padded, x + r * stride, columns * sizeof(float));
    memset(copy + r * padded + columns, 0, (padded - columns) * sizeof(float));
  }
  return (Operand){copy, padded, 1};
}

// Like `product`, but into a head's columns of some rows, whose number need not be a multiple of
// LANES.
ALWAYS_INLINE void head_product(const Level level, float *c, size_t c_stride, Operand a, Operand b, size_t rows,
                                size_t columns, size_t terms, float *scratch) {
  size_t padded = round_up(columns);
  if (padded == columns) {
    product(level, (Target){c, c_stride, 0, 0, 1}, a, (Columns){b.base, b.row, LANES}, rows,
            columns, terms);
    return;
  }
  product(level, (Target){scratch, padded, 0, 0, 1}, a, (Columns){b.base, b.row, LANES}, rows,
          padded, terms);
  for (size_t r = 0; r < rows; r++)
    memcpy(c + r * c_stride, scratch + r * padded, columns * sizeof(float));
}

// The scores of a head: scale * a transpose(x), [queries, round_up(length)], in `scratch`.
ALWAYS_INLINE float *head_scores(const Level level, const float *a, const float *x, size_t width, size_t queries,
                                 size_t length, size_t head_width, float scale, float **scratch) {
  size_t padded = round_up(length);
  float *transposed = *scratch, *scores = transposed + head_width * padded;
  *scratch = scores + queries * padded;
  pack_panels(transposed, x, head_width, length, 1, width);
  for (size_t i = 0; i < head_width * padded; i += LANES)
    *(Lanes *)(transposed + i) = scale * LOAD(transposed + i);
  product(level, (Target){scores, padded, 0, 0, 1}, (Operand){a, width, 1},
          (Columns){transposed, LANES, LANES * head_width}, queries, padded, head_width);
  return scores;
}

size_t flora_attention_scratch(size_t length, size_t head_width) {
  return head_width * round_up(length) + 2 * length * round_up(length) +
         4 * length * round_up(head_width);
}

KERNEL(void, flora_attention_forward,
       (float *mixed, float *probabilities, const float *q, const float *k, const float *v,
        size_t queries, size_t length, const int32_t *visible, size_t heads, size_t head_width,
        bool rounds, float *scratch),
       (mixed, probabilities, q, k, v, queries, length, visible, heads, head_width, rounds,
        scratch)) {
  size_t width = heads * head_width, padded = round_up(length);
  float scale = 1.0f / square_root((float)head_width);
  for (size_t head = 0; head < heads; head++) {
    size_t column = head * head_width;
    float *free = scratch;
    float *scores =
        head_scores(level, q + column, k + column, width, queries, length, head_width, scale, &free);
    // Each step for all rows, which the processor overlaps.
    for (size_t row = 0; row < queries; row++)
      exponentials(scores + row * padded, visible ? (size_t)visible[row] : length, padded);
    for (size_t row = 0; row < queries; row++) normalize(scores + row * padded, padded);
    for (size_t row = 0; row < queries; row++)
      memcpy(probabilities + row * length, scores + row * padded, length * sizeof(float));
    if (rounds) round_all(scores, scores, queries * padded);
    Operand values = pad(v + column, width, length, head_width, &free);
    head_product(level, mixed + column, width, (Operand){scores, padded, 1}, values, queries, head_width,
                 length, free);
    probabilities += queries * length;
  }
}

KERNEL(void, flora_attention_backward,
       (float *dq, float *dk, float *dv, const float *dmixed, const float *q, const float *k,
        const float *v, const float *probabilities, size_t queries, size_t length, size_t heads,
        size_t head_width, bool rounds, float *scratch),
       (dq, dk, dv, dmixed, q, k, v, probabilities, queries, length, heads, head_width, rounds,
        scratch)) {
  size_t width = heads * head_width, padded = round_up(length);
  float scale = 1.0f / square_root((float)head_width);
  for (size_t head = 0; head < heads; head++) {
    size_t column = head * head_width;
    float *free = scratch;
    float *scores =
        head_scores(level, dmixed + column, v + column, width, queries, length, head_width, 1, &free);
    for (size_t row = 0; row < queries; row++) {
      const float *p = probabilities + row * length;
      float *d = scores + row * padded;
      float dot = 0;
      for (size_t c = 0; c < length; c++) dot += d[c] * p[c];
      for (size_t c = 0; c < length; c++) d[c] = scale * p[c] * (d[c] - dot);
    }
    const float *mixing = probabilities;
    if (rounds) {
      round_all(scores, scores, queries * padded);
      round_all(free, probabilities, queries * length);
      mixing = free;
      free += queries * padded;
    }
    Operand keys = pad(k + column, width, length, head_width, &free);
    head_product(level, dq + column, width, (Operand){scores, padded, 1}, keys, queries, head_width,
                 length, free);
    Operand asking = pad(q + column, width, queries, head_width, &free);
    head_product(level, dk + column, width, (Operand){scores, 1, padded}, asking, length, head_width,
                 queries, free);
    Operand gradients = pad(dmixed + column, width, queries, head_width, &free);
    head_product(level, dv + column, width, (Operand){mixing, 1, length}, gradients, length,
                 head_width, queries, free);
    probabilities += queries * length;
  }
}

// The inner loops of a query over its visible rows; they unroll for a constant width.
ALWAYS_INLINE void tree_query_forward(float *mixed, float *p, const float *q, const float *k,
                                      const float *v, const int32_t *path, size_t seen,
                                      size_t width, const size_t head_width, bool rounds,
                                      float *scores) {
  float scale = 1.0f / square_root((float)head_width);
  for (size_t i = 0; i < seen; i++) {
    const float *key = k + (size_t)path[i] * width;
    float dot = 0;
    for (size_t c = 0; c < head_width; c++) dot += q[c] * key[c];
    scores[i] = scale * dot;
  }
  exponentials(scores, seen, round_up(seen));
  normalize(scores, round_up(seen));
  memcpy(p, scores, seen * sizeof(float));
  if (rounds) round_all(scores, scores, seen);
  for (size_t c = 0; c < head_width; c++) mixed[c] = 0;
  for (size_t i = 0; i < seen; i++) {
    const float *value = v + (size_t)path[i] * width;
    for (size_t c = 0; c < head_width; c++) mixed[c] += scores[i] * value[c];
  }
}

ALWAYS_INLINE void tree_query_backward(float *restrict dq, float *restrict dk, float *restrict dv,
                                       const float *dmixed, const float *q, const float *k,
                                       const float *v, const float *p, const int32_t *path,
                                       size_t seen, size_t width, const size_t head_width,
                                       bool rounds, float *restrict dp) {
  float scale = 1.0f / square_root((float)head_width), total = 0;
  for (size_t i = 0; i < seen; i++) {
    const float *value = v + (size_t)path[i] * width;
    float *dvalue = dv + (size_t)path[i] * width;
    float dot = 0, share = rounds ? bfloat16_rounded(p[i]) : p[i];
    for (size_t c = 0; c < head_width; c++) {
      dot += dmixed[c] * value[c];
      dvalue[c] += share * dmixed[c];
    }
    dp[i] = dot;
    total += dot * p[i];
  }
  for (size_t c = 0; c < head_width; c++) dq[c] = 0;
  for (size_t i = 0; i < seen; i++) {
    const float *key = k + (size_t)path[i] * width;
    float *dkey = dk + (size_t)path[i] * width;
    float ds = scale * p[i] * (dp[i] - total);
    if (rounds) ds = bfloat16_rounded(ds);
    for (size_t c = 0; c < head_width; c++) {
      dq[c] += ds * key[c];
      dkey[c] += ds * q[c];
    }
  }
}

KERNEL(void, flora_tree_attention_forward,
       (float *mixed, float *probabilities, const float *q, const float *k, const float *v,
        size_t queries, const int32_t *starts, const int32_t *paths, size_t heads,
        size_t head_width, bool rounds, float *scratch),
       (mixed, probabilities, q, k, v, queries, starts, paths, heads, head_width, rounds, scratch)) {
  size_t width = heads * head_width;
  for (size_t row = 0; row < queries; row++) {
    size_t seen = (size_t)(starts[row + 1] - starts[row]);
    const int32_t *path = paths + starts[row];
    float *p = probabilities + heads * (size_t)starts[row];
    for (size_t head = 0; head < heads; head++, p += seen) {
      size_t at = head * head_width;
      float *m = mixed + row * width + at;
      const float *a = q + row * width + at;
      if (head_width == 64)
        tree_query_forward(m, p, a, k + at, v + at, path, seen, width, 64, rounds, scratch);
      else
        tree_query_forward(m, p, a, k + at, v + at, path, seen, width, head_width, rounds,
                           scratch);
    }
  }
}

KERNEL(void, flora_tree_attention_backward,
       (float *dq, float *dk, float *dv, const float *dmixed, const float *q, const float *k,
        const float *v, const float *probabilities, size_t queries, const int32_t *starts,
        const int32_t *paths, size_t heads, size_t head_width, bool rounds, float *scratch),
       (dq, dk, dv, dmixed, q, k, v, probabilities, queries, starts, paths, heads, head_width,
        rounds, scratch)) {
  size_t width = heads * head_width;
  for (size_t row = 0; row < queries; row++) {
    size_t seen = (size_t)(starts[row + 1] - starts[row]);
    const int32_t *path = paths + starts[row];
    const float *p = probabilities + heads * (size_t)starts[row];
    for (size_t head = 0; head < heads; head++, p += seen) {
      size_t at = head * head_width, own = row * width + at;
      if (head_width == 64)
        tree_query_backward(dq + own, dk + at, dv + at, dmixed + own, q + own, k + at, v + at, p,
                            path, seen, width, 64, rounds, scratch);
      else
        tree_query_backward(dq + own, dk + at, dv + at, dmixed + own, q + own, k + at, v + at, p,
                            path, seen, width, head_width, rounds,
                           scratch);
    }
  }
}
