/// What a runtime holds and moves for each kind of operation of a step.
///
/// The tables of `RuntimeRules+PyTorch.swift` and `RuntimeRules+Planned.swift` are all that runtimes
/// differ in.
struct RuntimeRules: Sendable {
  /// A tensor of an operation.
  enum Tensor: Hashable, Sendable {
    case input(Int)
    case result
    /// What it makes for its backward pass beside the result.
    case statistics
  }

  /// Where a result, or the gradient of an input, is written.
  enum Place: Sendable {
    case new
    /// Over the tensor that it is computed from, if nothing else needs that: over the first input, or over
    /// the gradient of the result.
    case over
    /// It is that tensor: a view, or a gradient that is passed on. A smaller input's gradient is a sum of
    /// its own.
    case same
    /// It is a part of that tensor.
    case part
  }

  struct Rule: Sendable {
    var result = Place.new
    /// What the gradient of each input reads; the last holds for all further inputs.
    var inputGradientReads: [[Tensor]] = [[]]
    /// What the gradients of trained parameters read.
    var parameterGradientsRead: [Tensor] = []
    var inputGradient = Place.new
    /// What the forward pass makes on its way and frees before the next operation, beside its results.
    var forwardTemporaries: [Tensor] = []
    /// What the backward pass makes on its way, beside the gradients.
    var backwardTemporaries: [Tensor] = []

    /// Whether one kernel computes all gradients.
    var gradientsAtOnce = false

    func reads(forGradientOf input: Int) -> [Tensor] {
      inputGradientReads[min(input, inputGradientReads.count - 1)]
    }

    /// What the backward pass of an operation reads beside the gradient of its result.
    func reads(_ operation: StepProgram.Operation, _ program: StepProgram) -> Set<Tensor> {
      var reads = Set(operation.trained.isEmpty ? [] : parameterGradientsRead)
      for (index, input) in operation.inputs.enumerated()
      where program.needsGradient.contains(input) {
        reads.formUnion(self.reads(forGradientOf: index))
      }
      return reads
    }
  }

  /// How attention is run.
  enum AttentionForm: Sendable {
    /// Scores, mask, softmax and products, one after the other.
    case separate
    case fused
  }

  let rules: [StepProgram.Kind: Rule]
  let attention: AttentionForm
  /// Whether x sigmoid(1.702 x) is one operation.
  let fusesQuickGELU: Bool
  /// Whether a tensor lives until no variable of the published code names it; otherwise until its last
  /// use.
  let keepsVariables: Bool
  /// Whether a frozen text tower runs before the images' tower has saved anything; otherwise texts come
  /// second.
  let runsFrozenTextFirst: Bool
  /// Whether casts are part of the operations before and behind them, and stored weights are brought back
  /// piece by piece inside products.
  let fusesCasts: Bool
  /// Whether a product adds its gradient to one that is there already, without a tensor between.
  let addsGradientsInProducts: Bool
  /// By optimizer.
  let optimizers: [OptimizerForm: OptimizerRule]

  /// The optimizers that differ in what their steps make.
  enum OptimizerForm: Sendable {
    /// With the decay added to the gradient, and without.
    case adam, adamWithoutDecay
    case adamw
    case sgd, sgdWithoutDecay
  }

  /// What an optimizer's step makes and frees again, and what its kernels move, in tensors of a parameter's
  /// size.
  struct OptimizerRule: Sendable {
    /// What it makes for the parameter whose turn it is.
    var own = 0
    /// What is left of the parameter before.
    var previous = 0
    /// What each kernel reads and writes.
    let kernels: [Int]
  }
}
