/// The memory and traffic of a runtime for each kind of operation in a step.
///
/// Runtimes differ only in the tables of `RuntimeRules+PyTorch.swift` and
/// `RuntimeRules+Planned.swift`.
struct RuntimeRules: Sendable {
  /// A tensor of an operation.
  enum Tensor: Hashable, Sendable {
    case input(Int)
    case result
    /// What the operation computes for its backward pass in addition to the result.
    case statistics
  }

  /// Where a result, or the gradient of an input, is stored.
  enum Place: Sendable {
    case new
    /// In place of the tensor it is computed from (the first input, or the gradient of the result),
    /// if nothing else needs that tensor.
    case over
    /// In the same tensor: a view, or a gradient that is passed on. If the input is smaller
    /// (broadcast), its gradient is a separate sum.
    case same
    /// In a part of that tensor.
    case part
  }

  struct Rule: Sendable {
    var result = Place.new
    /// The tensors read by the gradient of each input; the last entry applies to all further
    /// inputs.
    var inputGradientReads: [[Tensor]] = [[]]
    /// The tensors read by the gradients of trained parameters.
    var parameterGradientsRead: [Tensor] = []
    var inputGradient = Place.new
    /// Temporaries of the forward pass, freed before the next operation, in addition to its
    /// results.
    var forwardTemporaries: [Tensor] = []
    /// Temporaries of the backward pass, in addition to the gradients.
    var backwardTemporaries: [Tensor] = []

    /// Whether a single kernel computes all gradients.
    var gradientsAtOnce = false

    func reads(forGradientOf input: Int) -> [Tensor] {
      inputGradientReads[min(input, inputGradientReads.count - 1)]
    }

    /// The tensors that an operation's backward pass reads in addition to the gradient of its
    /// result.
    func reads(_ operation: StepProgram.Operation, _ program: StepProgram) -> Set<Tensor> {
      var reads = Set(operation.readsForParameters ? parameterGradientsRead : [])
      for (index, input) in operation.inputs.enumerated()
      where program.needsGradient.contains(input) {
        reads.formUnion(self.reads(forGradientOf: index))
      }
      return reads
    }
  }

  /// How attention is executed.
  enum AttentionForm: Sendable {
    /// As separate operations: scores, mask, softmax and products.
    case separate
    case fused
  }

  let rules: [StepProgram.Kind: Rule]
  let attention: AttentionForm
  /// Whether x sigmoid(1.702 x) is a single operation.
  let fusesQuickGELU: Bool
  /// Whether a tensor lives until its variable in the published code goes out of scope, rather than
  /// until its last use.
  let keepsVariables: Bool
  /// Whether a frozen text tower runs before the vision tower saves anything; otherwise texts run
  /// second.
  let runsFrozenTextFirst: Bool
  /// Whether casts are fused into the adjacent operations, and stored weights are dequantised
  /// blockwise inside products.
  let fusesCasts: Bool
  /// Whether a product adds to an existing gradient without a temporary.
  let addsGradientsInProducts: Bool
  /// The rules by optimizer.
  let optimizers: [OptimizerForm: OptimizerRule]

  /// Optimizers whose steps need different temporaries.
  enum OptimizerForm: Sendable {
    /// With weight decay added to the gradient; without.
    case adam, adamWithoutDecay
    case adamw
    case sgd, sgdWithoutDecay
  }

  /// The temporaries of an optimizer's step and the traffic of its kernels, in tensors of a
  /// parameter's size.
  struct OptimizerRule: Sendable {
    /// Temporaries of the current parameter.
    var own = 0
    /// Temporaries left over from the previous parameter.
    var previous = 0
    /// The tensors that each kernel reads and writes.
    let kernels: [Int]
  }
}
