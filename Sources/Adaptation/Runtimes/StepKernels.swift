import Tensors

/// The kernels that a runtime launches for a step, forward and backward, with the operations and
/// bytes of each.
///
/// A kernel reads an operation's tensors once and writes its results once; a view needs none. Each
/// gradient is a separate kernel, which reads the gradient of the result and the tensors given by
/// the rules; further gradients of the same tensor are added to the first. Temporaries are written
/// and read.
struct StepKernels {
  private(set) var tally = KernelTally()
  private let program: StepProgram
  private let rules: RuntimeRules

  /// - Parameter recording: whether a backward pass follows.
  init(_ program: StepProgram, _ rules: RuntimeRules, recording: Bool) {
    self.program = program
    self.rules = rules
    let operations = program.instructions.compactMap { instruction -> StepProgram.Operation? in
      if case .run(let operation) = instruction { operation } else { nil }
    }
    for operation in operations { forward(operation) }
    guard recording else { return }
    for operation in program.recomputed(rules) { forward(operation) }
    var haveGradient: Set<StepProgram.Value> = []
    for operation in operations.reversed() where program.needsGradient.contains(operation.result) {
      backward(operation, &haveGradient)
    }
  }

  /// The kernels of the optimizer's step.
  ///
  /// - Parameter sizes: the bytes of each parameter.
  static func optimizer(_ rule: RuntimeRules.OptimizerRule, _ sizes: [Int]) -> KernelTally {
    var tally = KernelTally()
    for size in sizes {
      for tensors in rule.kernels { tally.add(KernelWork(flops: 0, bytes: tensors * size)) }
    }
    return tally
  }

  private mutating func forward(_ operation: StepProgram.Operation) {
    let rule = rules.rules[operation.kind]!
    if rule.result == .same { return }
    addTemporaries(rule.forwardTemporaries, operation)
    let result = program[operation.result]
    // Rows of a table are read as they are written.
    let isTable = operation.inputs.isEmpty && operation.kind != .cast
    let read = isTable ? result : operation.inputs.reduce(0) { $0 + program[$1] }
    let bytes = read + weights(operation) + result + operation.statistics
    addDequantization(operation)
    tally.add(KernelWork(flops: operation.flops, bytes: bytes))
  }

  private mutating func backward(
    _ operation: StepProgram.Operation, _ haveGradient: inout Set<StepProgram.Value>
  ) {
    let rule = rules.rules[operation.kind]!
    addTemporaries(rule.backwardTemporaries, operation)
    if rule.gradientsAtOnce {
      allGradients(operation, rule)
    } else {
      for (index, input) in operation.inputs.enumerated()
      where program.needsGradient.contains(input) {
        inputGradient(index, operation, rule)
      }
      for parameter in operation.parameters where parameter.isTrained {
        parameterGradient(parameter, operation, rule)
      }
    }
    for input in operation.inputs where program.needsGradient.contains(input) {
      let isFirst = haveGradient.insert(input).inserted
      if !isFirst { tally.add(KernelWork(flops: 0, bytes: 3 * program[input])) }
    }
  }

  private mutating func inputGradient(
    _ index: Int, _ operation: StepProgram.Operation, _ rule: RuntimeRules.Rule
  ) {
    let (result, input) = (program[operation.result], program[operation.inputs[index]])
    switch rule.inputGradient {
    case .part: return
    case .same where result == input: return
    default: break
    }
    let reads = rule.reads(forGradientOf: index).reduce(0) { $0 + program.bytes($1, operation) }
    let bytes = result + reads + weights(operation) + input
    addDequantization(operation)
    tally.add(KernelWork(flops: operation.flops, bytes: bytes))
  }

  private mutating func parameterGradient(
    _ parameter: StepProgram.Parameter, _ operation: StepProgram.Operation,
    _ rule: RuntimeRules.Rule
  ) {
    let result = program[operation.result]
    let read =
      parameter.multiplies
      ? rule.parameterGradientsRead.reduce(result) { $0 + program.bytes($1, operation) } : result
    tally.add(
      KernelWork(
        flops: parameter.multiplies ? operation.flops : 0, bytes: read + parameter.bytes))
  }

  /// Twice the operations of the forward pass.
  private mutating func allGradients(_ operation: StepProgram.Operation, _ rule: RuntimeRules.Rule)
  {
    let reads = rule.reads(operation, program).reduce(0) { $0 + program.bytes($1, operation) }
    let written = operation.inputs.reduce(operation.trained.reduce(0, +)) {
      $0 + (program.needsGradient.contains($1) ? program[$1] : 0)
    }
    tally.add(
      KernelWork(
        flops: 2 * operation.flops, bytes: program[operation.result] + reads + written))
  }

  private mutating func addTemporaries(
    _ tensors: [RuntimeRules.Tensor], _ operation: StepProgram.Operation
  ) {
    for tensor in tensors {
      tally.add(KernelWork(flops: 0, bytes: 2 * program.bytes(tensor, operation)))
    }
  }

  /// Adds reading the stored weight and writing it in the product's precision.
  private mutating func addDequantization(_ operation: StepProgram.Operation) {
    guard operation.dequantized > 0 else { return }
    let stored = operation.parameters.reduce(0) { $0 + ($1.multiplies ? $1.bytes : 0) }
    tally.add(KernelWork(flops: 0, bytes: stored + operation.dequantized))
  }

  private func weights(_ operation: StepProgram.Operation) -> Int {
    if operation.dequantized > 0 { return operation.dequantized }
    return operation.parameters.reduce(0) { $0 + ($1.multiplies ? $1.bytes : 0) }
  }
}
