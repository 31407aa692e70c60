/// PyTorch on a CPU, float32.
///
/// What an operation saves for its backward pass, and what that makes, are those of PyTorch's
/// `tools/autograd/derivatives.yaml` and `torch/csrc/autograd/FunctionsManual.cpp`; the operations are those that
/// transformers' `modeling_clip.py` runs.
extension RuntimeRules {
  static let pytorch = RuntimeRules(pytorchWith: .separate)

  static let pytorchSDPA = RuntimeRules(pytorchWith: .fused)

  private init(pytorchWith attention: AttentionForm) {
    self.init(
      rules: Self.pytorchRules, attention: attention, fusesQuickGELU: false, keepsVariables: true,
      runsFrozenTextFirst: false, fusesCasts: false, addsGradientsInProducts: false,
      optimizers: Self.pytorchOptimizers
    )
  }

  private static let pytorchRules: [StepProgram.Kind: Rule] = [
    .embedding: Rule(),
    .patches: Rule(parameterGradientsRead: [.input(0)]),
    .concatenate: Rule(inputGradient: .part),
    .add: Rule(inputGradient: .same),
    .linear: Rule(parameterGradientsRead: [.input(0)]),
    .product: Rule(inputGradientReads: [[.input(1)], [.input(0)]]),
    .scale: Rule(),
    .multiply: Rule(inputGradientReads: [[.input(1)], [.input(0)]]),
    .sigmoid: Rule(inputGradientReads: [[.result]]),
    .tanh: Rule(inputGradientReads: [[.result]]),
    .relu: Rule(inputGradientReads: [[.result]]),
    .softmax: Rule(inputGradientReads: [[.result]]),
    .layerNorm: Rule(
      inputGradientReads: [[.input(0), .statistics]],
      parameterGradientsRead: [.input(0), .statistics], gradientsAtOnce: true),
    .activation: Rule(inputGradientReads: [[.input(0)]]),
    // scaled_dot_product_flash_attention_for_cpu: the statistics are the logarithms of the rows' sums.
    .attention: Rule(
      inputGradientReads: [[.input(0), .input(1), .input(2), .result, .statistics]],
      gradientsAtOnce: true),
    .copy: Rule(inputGradient: .same),
    // The gradient of a view that splits heads is copied into the order of the rows.
    .transpose: Rule(result: .same),
    .cast: Rule(),
    .seed: Rule(inputGradient: .part),
    .pickRow: Rule(),
    .firstRow: Rule(result: .same),
    // x / (x^2).sum().sqrt()
    .unitRows: Rule(
      inputGradientReads: [[.input(0), .statistics]], forwardTemporaries: [.input(0)],
      backwardTemporaries: [.input(0), .input(0), .input(0)]),
    // The statistics are the rows' log-probabilities.
    .crossEntropy: Rule(
      inputGradientReads: [[.statistics]], backwardTemporaries: [.statistics]),
  ]

  /// On a CPU `foreach` is off unless it is asked for: parameters are stepped one after the other.
  private static let pytorchOptimizers: [OptimizerForm: OptimizerRule] = [
    // g + decay p; the root of the second moment, and that as the denominator, which the variable
    // holds until the next parameter's replaces it.
    .adam: OptimizerRule(own: 3, previous: 1, kernels: [3] + adamKernels),
    .adamWithoutDecay: OptimizerRule(own: 2, previous: 1, kernels: adamKernels),
    // p (1 - rate decay)
    .adamw: OptimizerRule(own: 2, previous: 1, kernels: [2] + adamKernels),
    // g + decay p; p - rate g
    .sgd: OptimizerRule(own: 1, kernels: [3, 3]),
    .sgdWithoutDecay: OptimizerRule(kernels: [3]),
  ]

  /// The step's counter, which is a tensor of its own; the first moment (`lerp_`); the second (`mul_`,
  /// `addcmul_`); its root; that by the bias; plus epsilon; the parameter (`addcdiv_`).
  private static let adamKernels = [0, 3, 2, 3, 2, 2, 2, 4]
}
