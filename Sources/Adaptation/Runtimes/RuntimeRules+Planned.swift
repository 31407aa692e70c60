/// A program with ahead-of-time memory planning.
///
/// It computes the same as PyTorch and saves what that requires: a linear layer's input if its
/// weight is trained, the input of a normalisation and of an activation, and an attention's
/// operands, its result and its log-sum-exps. Elementwise results and gradients overwrite their
/// operands if nothing else needs those, products add to existing gradients, a frozen text tower
/// finishes before the vision tower saves anything, and the optimizer works in place. Gradients are
/// kept until the optimizer's step, which uses the full gradient.
extension RuntimeRules {
  static let planned = RuntimeRules(
    rules: [
      .embedding: Rule(),
      .patches: Rule(parameterGradientsRead: [.input(0)]),
      .concatenate: Rule(inputGradient: .part),
      .add: Rule(result: .over, inputGradient: .same),
      .replaceRows: Rule(result: .over, inputGradient: .over),
      .linear: Rule(parameterGradientsRead: [.input(0)]),
      .product: Rule(inputGradientReads: [[.input(1)], [.input(0)]]),
      .scale: Rule(result: .over, inputGradient: .over),
      .scaleColumns: Rule(
        result: .over, inputGradientReads: [[.statistics]], parameterGradientsRead: [.input(0)],
        inputGradient: .over),
      .multiply: Rule(
        result: .over, inputGradientReads: [[.input(1)], [.input(0)]], inputGradient: .over),
      .sigmoid: Rule(result: .over, inputGradientReads: [[.result]], inputGradient: .over),
      .tanh: Rule(result: .over, inputGradientReads: [[.result]], inputGradient: .over),
      .relu: Rule(result: .over, inputGradientReads: [[.result]], inputGradient: .over),
      .softmax: Rule(result: .over, inputGradientReads: [[.result]], inputGradient: .over),
      .layerNorm: Rule(
        result: .over, inputGradientReads: [[.input(0), .statistics]],
        parameterGradientsRead: [.input(0), .statistics], inputGradient: .over,
        gradientsAtOnce: true),
      .activation: Rule(result: .over, inputGradientReads: [[.input(0)]], inputGradient: .over),
      .attention: Rule(
        inputGradientReads: [[.input(0), .input(1), .input(2), .result, .statistics]],
        gradientsAtOnce: true),
      .copy: Rule(result: .same, inputGradient: .same),
      .transpose: Rule(result: .same, inputGradient: .same),
      .cast: Rule(),
      .seed: Rule(inputGradient: .part),
      .pickRow: Rule(),
      .firstRow: Rule(),
      .unitRows: Rule(
        result: .over, inputGradientReads: [[.input(0), .statistics]], inputGradient: .over),
      .crossEntropy: Rule(inputGradientReads: [[.statistics]], inputGradient: .over),
    ],
    attention: .fused, fusesQuickGELU: true, keepsVariables: false,
    runsFrozenTextFirst: true, fusesCasts: true, addsGradientsInProducts: true,
    optimizers: [
      // One kernel: reads value, gradient and moments; writes value and moments.
      .adam: OptimizerRule(kernels: [7]), .adamWithoutDecay: OptimizerRule(kernels: [7]),
      .adamw: OptimizerRule(kernels: [7]), .sgd: OptimizerRule(kernels: [3]),
      .sgdWithoutDecay: OptimizerRule(kernels: [3]),
    ])
}
