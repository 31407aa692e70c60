#include "CKernels.h"

#include <math.h>

#include "kernel_levels.h"

// Sums may be reassociated across vector lanes and contracted to fused multiply-adds; everything
// else is IEEE 754.
#pragma clang fp reassociate(on) contract(fast)

// The maximum of `count` numbers.
ALWAYS_INLINE float largest(const float *x, size_t count) {
  float best = -INFINITY;
  size_t i = 0;
  if (count >= LANES) {
    Lanes lanes = *(const Lanes *)x;
    for (i = LANES; i + LANES <= count; i += LANES)
      lanes = __builtin_elementwise_max(lanes, *(const Lanes *)(x + i));
    best = __builtin_reduce_max(lanes);
  }
  for (; i < count; i++) best = x[i] > best ? x[i] : best;
  return best;
}

KERNEL(double, flora_contrastive_backward,
       (float *restrict logits, size_t rows, size_t columns, const float *restrict counts,
        const int32_t *restrict targets, float *restrict scratch),
       (logits, rows, columns, counts, targets, scratch)) {
  float *best_of_column = scratch, *total = scratch + columns, *e = scratch + 2 * columns;
  for (size_t c = 0; c < columns; c++) best_of_column[c] = -INFINITY;
  for (size_t c = 0; c < columns; c++) total[c] = 0;
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < columns; c++) {
      float l = logits[row * columns + c];
      best_of_column[c] = l > best_of_column[c] ? l : best_of_column[c];
    }
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < columns; c++)
      total[c] += exponential(logits[row * columns + c] - best_of_column[c]);
  double loss = 0;
  for (size_t c = 0; c < columns; c++) {
    if (counts[c] == 0) continue;
    total[c] = best_of_column[c] + logf(total[c]);
    loss += (double)counts[c] * (double)total[c];
  }
  float share = 1.0f / (float)(2 * rows);
  for (size_t row = 0; row < rows; row++) {
    float *l = logits + row * columns;
    for (size_t c = 0; c < columns; c++) e[c] = counts[c] > 0 ? l[c] : -INFINITY;
    float best = largest(e, columns), sum = 0;
    for (size_t c = 0; c < columns; c++) e[c] = counts[c] * exponential(l[c] - best);
    for (size_t c = 0; c < columns; c++) sum += e[c];
    float own = l[targets[row]];
    loss += (double)(best + logf(sum)) - 2 * (double)own;
    float reciprocal = 1.0f / sum;
    for (size_t c = 0; c < columns; c++)
      l[c] = counts[c] > 0
                 ? share * (e[c] * reciprocal + counts[c] * exponential(l[c] - total[c]))
                 : 0;
    l[targets[row]] -= 2 * share;
  }
  return loss / (double)(2 * rows);
}

KERNEL(double, flora_cross_entropy_backward,
       (float *restrict logits, size_t rows, size_t columns, const int32_t *restrict targets),
       (logits, rows, columns, targets)) {
  double loss = 0;
  float share = 1.0f / (float)rows;
  for (size_t row = 0; row < rows; row++) {
    float *l = logits + row * columns;
    float best = largest(l, columns), sum = 0, own = l[targets[row]];
    for (size_t c = 0; c < columns; c++) {
      l[c] = exponential(l[c] - best);
      sum += l[c];
    }
    loss += (double)(best + logf(sum)) - (double)own;
    float scale = share / sum;
    for (size_t c = 0; c < columns; c++) l[c] *= scale;
    l[targets[row]] -= share;
  }
  return loss / (double)rows;
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
