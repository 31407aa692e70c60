/// PyTorch on a CPU, float32.
///
/// The saved tensors and temporaries of each operation's backward pass are those of PyTorch's
/// `tools/autograd/derivatives.yaml` and `torch/csrc/autograd/FunctionsManual.cpp`. The operations
/// are those of transformers' `modeling_clip.py`.
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
    // A concatenation of slices, whose gradients are padded with zeros and added.
    .replaceRows: Rule(backwardTemporaries: [.input(0)]),
    .linear: Rule(parameterGradientsRead: [.input(0)]),
    .product: Rule(inputGradientReads: [[.input(1)], [.input(0)]]),
    .scale: Rule(),
    // The gradient of the factors has the rows of the result before they are summed.
    .scaleColumns: Rule(
      inputGradientReads: [[.statistics]], parameterGradientsRead: [.input(0)],
      backwardTemporaries: [.input(0)]),
    .multiply: Rule(inputGradientReads: [[.input(1)], [.input(0)]]),
    .sigmoid: Rule(inputGradientReads: [[.result]]),
    .tanh: Rule(inputGradientReads: [[.result]]),
    .relu: Rule(inputGradientReads: [[.result]]),
    .softmax: Rule(inputGradientReads: [[.result]]),
    .layerNorm: Rule(
      inputGradientReads: [[.input(0), .statistics]],
      parameterGradientsRead: [.input(0), .statistics], gradientsAtOnce: true),
    .activation: Rule(inputGradientReads: [[.input(0)]]),
    // scaled_dot_product_flash_attention_for_cpu: the statistics are the log-sum-exps of the rows.
    .attention: Rule(
      inputGradientReads: [[.input(0), .input(1), .input(2), .result, .statistics]],
      gradientsAtOnce: true),
    .copy: Rule(inputGradient: .same),
    // The gradient of a view that splits heads is copied into row order.
    .transpose: Rule(result: .same),
    .cast: Rule(),
    .seed: Rule(inputGradient: .part),
    .pickRow: Rule(),
    .firstRow: Rule(result: .same),
    // x / (x^2).sum().sqrt()
    .unitRows: Rule(
      inputGradientReads: [[.input(0), .statistics]], forwardTemporaries: [.input(0)],
      backwardTemporaries: [.input(0), .input(0), .input(0)]),
    // The statistics are the log-probabilities of the rows.
    .crossEntropy: Rule(
      inputGradientReads: [[.statistics]], backwardTemporaries: [.statistics]),
  ]

  /// On a CPU, `foreach` is off by default: parameters are updated one at a time.
  private static let pytorchOptimizers: [OptimizerForm: OptimizerRule] = [
    // g + decay p; the square root of the second moment, and the denominator derived from it, whose
    // variable holds it until the next parameter's replaces it.
    .adam: OptimizerRule(own: 3, previous: 1, kernels: [3] + adamKernels),
    .adamWithoutDecay: OptimizerRule(own: 2, previous: 1, kernels: adamKernels),
    // p (1 - rate decay)
    .adamw: OptimizerRule(own: 2, previous: 1, kernels: [2] + adamKernels),
    // g + decay p; p - rate g
    .sgd: OptimizerRule(own: 1, kernels: [3, 3]),
    .sgdWithoutDecay: OptimizerRule(kernels: [3]),
  ]

  /// The step counter, which is a separate tensor; the first moment (`lerp_`); the second (`mul_`,
  /// `addcmul_`); its square root; division by the bias correction; plus epsilon; the parameter
  /// (`addcdiv_`).
  private static let adamKernels = [0, 3, 2, 3, 2, 2, 2, 4]
}
