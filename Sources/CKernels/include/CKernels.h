#ifndef FLORA_CKERNELS_H
#define FLORA_CKERNELS_H

// Loops over float32 rows that must vectorise. Matrices are row-major and dense; `rows` and
// `columns` count elements. Outputs never overlap inputs unless a comment says "in place".

#include <stdbool.h>
#include <stddef.h>

#include "OpenBLASCore.h"

// y = (x - mean) * reciprocal_deviation * weight + bias, row by row; the two statistics of each row
// are written for the backward pass.
void flora_layer_norm_forward(float *y, float *mean, float *reciprocal_deviation, const float *x,
                              const float *weight, const float *bias, size_t rows, size_t columns,
                              float epsilon);

// dx (added to where `accumulate`), and where not NULL weight_gradient and bias_gradient (always added to).
void flora_layer_norm_backward(float *dx, bool accumulate, float *weight_gradient,
                               float *bias_gradient, const float *dy, const float *x,
                               const float *mean, const float *reciprocal_deviation,
                               const float *weight, size_t rows, size_t columns);

// y = x * sigmoid(1.702 x)
void flora_quick_gelu_forward(float *y, const float *x, size_t count);
// dy *= derivative at x, in place.
void flora_quick_gelu_backward(float *dy, const float *x, size_t count);

// y = x * Phi(x), Phi the standard normal distribution function.
void flora_gelu_forward(float *y, const float *x, size_t count);
void flora_gelu_backward(float *dy, const float *x, size_t count);

// Softmax of each row, in place; where `causal`, row i sees columns 0...i and the others become 0.
void flora_softmax_forward(float *scores, size_t rows, size_t columns, bool causal);
// dp becomes the gradient of the scores, in place; p is the softmax.
void flora_softmax_backward(float *dp, const float *p, size_t rows, size_t columns);

// y[r] += bias for every row r.
void flora_add_row(float *y, const float *bias, size_t rows, size_t columns);
// sum += the sum over the rows of x.
void flora_add_column_sums(float *sum, const float *x, size_t rows, size_t columns);
// y += x
void flora_add(float *y, const float *x, size_t count);

// unit = x / |x| row by row, with the reciprocal norms for the backward pass.
void flora_normalize_forward(float *unit, float *reciprocal_norm, const float *x, size_t rows,
                             size_t columns);
// dunit becomes the gradient of x, in place.
void flora_normalize_backward(float *dunit, const float *unit, const float *reciprocal_norm,
                              size_t rows, size_t columns);

// log(sum of weight * exp(x)); `weight` may be NULL (all 1), and an element of weight 0 takes no part;
// `stride` steps through x.
float flora_log_sum_exp(const float *x, const float *weight, size_t count, size_t stride);

// One step of Adam over `count` parameters. With `decoupled`, the decay shrinks the parameter (AdamW);
// otherwise it is added to the gradient (L2). The bias corrections are 1 - beta^step.
void flora_adam_step(float *parameter, const float *gradient, float *first_moment,
                     float *second_moment, size_t count, float learning_rate, float beta1,
                     float beta2, float epsilon, float weight_decay, bool decoupled,
                     float bias_correction1, float bias_correction2);

#endif
