#include "CKernels.h"

#include "kernel_levels.h"

// Sums may be reassociated across vector lanes and contracted to fused multiply-adds; everything
// else is IEEE 754.
#pragma clang fp reassociate(on) contract(fast)

KERNEL(void, flora_adam_step,
       (float *restrict parameter, const float *restrict gradient, float *restrict first_moment,
        float *restrict second_moment, size_t count, float learning_rate, float beta1,
        float beta2, float epsilon, float weight_decay, bool decoupled, float bias_correction1,
        float bias_correction2),
       (parameter, gradient, first_moment, second_moment, count, learning_rate, beta1, beta2,
        epsilon, weight_decay, decoupled, bias_correction1, bias_correction2)) {
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
