#ifndef FLORA_CKERNELS_H
#define FLORA_CKERNELS_H

// Loops over float32 rows that must vectorise. Matrices are row-major and dense; `rows` and
// `columns` count elements. Outputs must not overlap inputs unless a comment says "in place".

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "OpenBLASMemory.h"

// y = (x - mean) * reciprocal_deviation * weight + bias for each row. Stores the two statistics of
// each row, [rows, 2], for the backward pass.
void flora_layer_norm_forward(float *y, float *statistics, const float *x,
                              const float *weight, const float *bias, size_t rows, size_t columns,
                              float epsilon);

// Computes dx (added if `accumulate`) and, unless NULL, adds to weight_gradient and bias_gradient.
void flora_layer_norm_backward(float *dx, bool accumulate, float *weight_gradient,
                               float *bias_gradient, const float *dy, const float *x,
                               const float *statistics, const float *weight, size_t rows,
                               size_t columns);

// y = x * sigmoid(1.702 x)
void flora_quick_gelu_forward(float *y, const float *x, size_t count);
// dy *= derivative at x, in place.
void flora_quick_gelu_backward(float *dy, const float *x, size_t count);

// y = x * Phi(x), where Phi is the standard normal CDF; within 2e-7 of the larger of 1 and |y|.
void flora_gelu_forward(float *y, const float *x, size_t count);
void flora_gelu_backward(float *dy, const float *x, size_t count);

// Forward: y = tanh(y), in place. Backward: dy *= 1 - y^2, the derivative at the input of y = tanh.
void flora_tanh_forward(float *y, size_t count);
void flora_tanh_backward(float *dy, const float *y, size_t count);
// Forward: y = max(y, 0), in place. Backward: dy = scale * dy where y > 0, else 0.
void flora_relu_forward(float *y, size_t count);
void flora_relu_backward(float *dy, const float *y, size_t count, float scale);
// y = ratio * a + (1 - ratio) * x
void flora_mix(float *y, const float *a, const float *x, float ratio, size_t count);
// y = softmax(scores) * x for each row; replaces `scores` with the softmax.
void flora_softmax_gate_forward(float *y, float *scores, const float *x, size_t rows,
                                size_t columns);
// Replaces the gradient of y with that of the scores, in place; `gate` is their softmax.
void flora_softmax_gate_backward(float *dy, const float *gate, const float *x, size_t rows,
                                 size_t columns);

// Multi-head attention within one sequence of `length` rows: softmax(q k' / sqrt(head_width)) v.
//
// The heads' columns are adjacent in rows of heads * head_width numbers. q, mixed and their
// gradients have `queries` rows, at most `length`; k, v and theirs have `length`. Query i attends
// to the first visible[i] rows, or to all if `visible` is NULL. Probabilities are [heads, queries,
// length]. `scratch` has flora_attention_scratch(length, head_width) numbers. With `rounds`, every
// intermediate result that is multiplied again is rounded to bfloat16; the caller must have rounded
// q, k, v and dmixed.
void flora_attention_forward(float *mixed, float *probabilities, const float *q, const float *k,
                             const float *v, size_t queries, size_t length, const int32_t *visible,
                             size_t heads, size_t head_width, bool rounds, float *scratch);
void flora_attention_backward(float *dq, float *dk, float *dv, const float *dmixed, const float *q,
                              const float *k, const float *v, const float *probabilities,
                              size_t queries, size_t length, size_t heads, size_t head_width,
                              bool rounds, float *scratch);
size_t flora_attention_scratch(size_t length, size_t head_width);

// Attention along the paths of a tree: query i attends to the rows
// paths[starts[i] ..< starts[i + 1]].
//
// Its probabilities are [heads, starts[i + 1] - starts[i]], stored query after query. The backward
// pass writes dq and adds to dk and dv. `scratch` has 16 numbers more than the longest path.
void flora_tree_attention_forward(float *mixed, float *probabilities, const float *q,
                                  const float *k, const float *v, size_t queries,
                                  const int32_t *starts, const int32_t *paths, size_t heads,
                                  size_t head_width, bool rounds, float *scratch);
void flora_tree_attention_backward(float *dq, float *dk, float *dv, const float *dmixed,
                                   const float *q, const float *k, const float *v,
                                   const float *probabilities, size_t queries,
                                   const int32_t *starts, const int32_t *paths, size_t heads,
                                   size_t head_width, bool rounds, float *scratch);

// c[rows, columns] = start + a[rows, terms] b[terms, columns], with b packed. The rows of `start`
// are start_stride apart: 0 repeats a single row. `start` may be NULL to add nothing, or c itself.
//
// Each sum has a fixed order that depends only on its row and column. A row's bits therefore do not
// depend on other rows, and all processors with fused multiply-add give the same bits.
void flora_packed_product(float *c, const float *start, size_t start_stride, const float *a,
                          const float *packed, size_t rows, size_t columns, size_t terms);
// Packs b, whose element [k, c] is at k * term_stride + c * column_stride, into
// flora_packed_count(terms, columns) elements.
void flora_pack(float *packed, const float *b, size_t terms, size_t columns, size_t term_stride,
                size_t column_stride);
size_t flora_packed_count(size_t terms, size_t columns);

// c[rows, columns] = start + alpha a[rows, terms] b[terms, columns]. Element [r, k] of a is at
// r * a_row + k * a_term, and element [k, c] of b at k * b_term + c * b_column. `start` is as above.
// `scratch` has flora_multiply_scratch(rows, columns, terms) elements.
//
// As above, each sum has a fixed order and a row's bits do not depend on other rows. The order of
// summation for few columns differs from that for many.
void flora_multiply(float *c, size_t c_stride, const float *start, size_t start_stride,
                    float alpha, const float *a, size_t a_row, size_t a_term, const float *b,
                    size_t b_term, size_t b_column, size_t rows, size_t columns, size_t terms,
                    float *scratch);
size_t flora_multiply_scratch(size_t rows, size_t columns, size_t terms);

// The instruction level of the kernels: "avx512", "avx2" or "baseline". It is the highest that the
// processor supports, or the one that the environment variable FLORA_KERNELS names. The variable may
// also contain `emulate-bfloat16`, alone or after a comma.
const char *flora_kernels_level(void);
// The levels that this processor supports, lowest first; NULL after the last.
const char *flora_kernels_available(size_t index);
// Selects the level with this name, or returns false if it is not available. Must not be called
// while a kernel runs.
bool flora_kernels_use(const char *name);
// Whether every name in FLORA_KERNELS is available, and whether it requests emulated bfloat16.
bool flora_kernels_environment_is_valid(void);
bool flora_kernels_emulate_bfloat16(void);

// Products in bfloat16: both operands are rounded, and sums are float32. Each sum has a fixed
// order, one pair of terms after another, independent of its neighbours, and the same bits on every
// processor (see bfloat16.c). The rows of `start` are start_stride apart: 0 repeats a single row.
// `start` may be NULL to add nothing, or c itself.

// Rounds b, whose element [k, c] is at k * term_stride + c * column_stride with one stride equal to
// 1, and packs it into flora_bfloat16_packed_count(terms, columns) words.
void flora_bfloat16_pack(uint32_t *packed, const float *b, size_t terms, size_t columns,
                         size_t term_stride, size_t column_stride);
size_t flora_bfloat16_packed_count(size_t terms, size_t columns);
// c[rows, columns] = start + a[rows, terms] b[terms, columns]; b is packed, and `columns` is a
// multiple of 16. `scratch` has flora_bfloat16_product_scratch(rows, terms) words.
void flora_bfloat16_product(float *c, size_t c_stride, const float *start, size_t start_stride,
                            const float *a, size_t a_stride, const uint32_t *packed, size_t rows,
                            size_t columns, size_t terms, uint32_t *scratch);
size_t flora_bfloat16_product_scratch(size_t rows, size_t terms);
// c[rows, columns] = start + transpose(a[terms, rows]) b[terms, columns], with b laid out as for
// packing. c and `start` have columns up to the next multiple of 16, and `scratch` has
// flora_bfloat16_transposed_product_scratch(rows, terms) words.
void flora_bfloat16_transposed_product(float *c, size_t c_stride, const float *start,
                                       size_t start_stride, const float *a, size_t a_stride,
                                       const float *b, size_t term_stride, size_t column_stride,
                                       size_t rows, size_t columns, size_t terms,
                                       uint32_t *scratch);
size_t flora_bfloat16_transposed_product_scratch(size_t rows, size_t terms);
// c = alpha * sums + beta * c, in float32; c is not read if beta is 0.
void flora_bfloat16_combine(float *c, size_t c_stride, const float *sums, size_t sums_stride,
                            size_t rows, size_t columns, float alpha, float beta);
// y = x rounded to bfloat16.
void flora_bfloat16_round(float *y, const float *x, size_t count);
// Whether products use vdpbf16ps or its emulation, which FLORA_KERNELS=emulate-bfloat16 in the
// environment requests.
bool flora_bfloat16_is_native(void);
// Selects the implementation; must not be called during a product. Returns whether the instruction
// is now in use.
bool flora_bfloat16_use_native(bool native);

// y[r] = row for every row r.
void flora_fill_rows(float *y, const float *row, size_t rows, size_t columns);
// y[r] = x[r] + row for every row r.
void flora_add_row(float *y, const float *x, const float *row, size_t rows, size_t columns);
// sum += the sum over the rows of x.
void flora_add_column_sums(float *sum, const float *x, size_t rows, size_t columns);
// y -= x
void flora_subtract(float *y, const float *x, size_t count);
// y += scale * x
void flora_add_scaled(float *y, const float *x, float scale, size_t count);
// y += scale * (a - b)
void flora_add_scaled_difference(float *y, const float *a, const float *b, float scale,
                                 size_t count);
// y[r] = x[rows[r]] for `count` rows.
void flora_gather_rows(float *y, const float *x, const int32_t *rows, size_t count, size_t columns);
// y[rows[r]] += x[r] for `count` rows.
void flora_scatter_add_rows(float *y, const float *x, const int32_t *rows, size_t count,
                            size_t columns);

// The mean symmetric contrastive loss of logits [rows, columns], which are replaced by their
// gradient. Column c stands for counts[c] equal columns, or none if 0. `scratch` has 3 * columns
// numbers.
double flora_contrastive_backward(float *logits, size_t rows, size_t columns, const float *counts,
                                  const int32_t *targets, float *scratch);
// The mean cross-entropy of logits [rows, columns], which are replaced by their gradient.
double flora_cross_entropy_backward(float *logits, size_t rows, size_t columns,
                                    const int32_t *targets);

// unit = x / |x| for each row. Stores the reciprocal norms for the backward pass.
void flora_normalize_forward(float *unit, float *reciprocal_norm, const float *x, size_t rows,
                             size_t columns);
// Replaces dunit with the gradient of x, in place.
void flora_normalize_backward(float *dunit, const float *unit, const float *reciprocal_norm,
                              size_t rows, size_t columns);

// log(sum of weight * exp(x)); `weight` may be NULL (all 1), elements of weight 0 are skipped, and
// `stride` is the stride of x.
float flora_log_sum_exp(const float *x, const float *weight, size_t count, size_t stride);

// Under Address Sanitizer, makes any use of the bytes an error, or allows it again.
void flora_forbid_use(const void *bytes, size_t count);
void flora_allow_use(const void *bytes, size_t count);
bool flora_use_is_watched(void);

// One Adam step over `count` parameters. With `decoupled`, weight decay shrinks the parameter
// (AdamW); otherwise it is added to the gradient (L2). The bias corrections are 1 - beta^step.
void flora_adam_step(float *parameter, const float *gradient, float *first_moment,
                     float *second_moment, size_t count, float learning_rate, float beta1,
                     float beta2, float epsilon, float weight_decay, bool decoupled,
                     float bias_correction1, float bias_correction2);

// The source pixels of one pixel of a resized line: `count` of them from `start`, whose weights begin
// at the index `first`.
typedef struct {
  size_t start, count, first;
} FloraTaps;

// The fraction bits of a weight.
enum { FLORA_RESIZE_FRACTION_BITS = 22 };

// Resizes a line of pixels of 1 to 4 channels: weighted sums, rounded and clamped to a byte. `from`
// begins with the line's pixel `first`; `weights` has each weight once for every channel.
void flora_resize_line(uint8_t *to, const uint8_t *from, size_t first, const int32_t *weights,
                       const FloraTaps *taps, size_t pixels, size_t channels);

#endif
