/// A training step's forward pass as a list of operations on tensors of which only the sizes are
/// known.
///
/// It is the same for every runtime except for attention and activations, which a runtime executes
/// as one or several operations. `StepMemory` walks it forward and backward.
struct StepProgram {
  /// A tensor.
  struct Value: Hashable {
    fileprivate let index: Int
  }

  enum Kind: String {
    /// A table lookup; the patches of images times a weight.
    case embedding, patches
    /// A concatenation; a sum of two tensors.
    case concatenate, add
    /// A copy with some rows replaced by a parameter's.
    case replaceRows
    /// x W^T + b.
    case linear
    /// A batched matrix product.
    case product
    /// Multiplication by a constant; elementwise multiplication and functions; softmax and layer
    /// norm along rows.
    case scale, multiply, sigmoid, tanh, relu, softmax, layerNorm
    /// Multiplication of every row by a parameter, element by element.
    case scaleColumns
    /// Exact GELU, or quick GELU, x sigmoid(1.702 x), as a single operation.
    case activation
    /// softmax(q k^T) v as a single operation.
    case attention
    /// A copy with another memory order; a view with another order.
    case copy, transpose
    /// A cast to another precision.
    case cast
    /// A tensor whose gradient is provided.
    case seed
    /// One row of each text; the first row of each image.
    case pickRow, firstRow
    /// Rows divided by their norm.
    case unitRows
    case crossEntropy
  }

  struct Operation {
    let kind: Kind
    let inputs: [Value]
    let result: Value
    /// Bytes computed for the backward pass in addition to the result: means and deviations,
    /// log-sum-exps, norms.
    let statistics: Int
    let parameters: [Parameter]
    /// Floating-point operations of its matrix products, 2 m n k each.
    let flops: Int
    /// Bytes of a stored weight after dequantisation, created for each pass and freed afterwards.
    let dequantized: Int
    /// Whether PyTorch saves the weight for the gradient of the input, which is the case for a
    /// float32 weight. A layer with a quantised weight holds it anyway, like those of bitsandbytes.
    let savesWeight: Bool

    /// The bytes of each trained parameter.
    var trained: [Int] { parameters.filter(\.isTrained).map(\.bytes) }

    /// Whether the gradient of a trained parameter reads tensors besides the gradient of the result:
    /// not that of a bias beside a frozen weight.
    var readsForParameters: Bool {
      let trained = parameters.filter(\.isTrained)
      return parameters.contains(where: \.multiplies)
        ? trained.contains(where: \.multiplies) : !trained.isEmpty
    }
  }

  struct Parameter {
    let bytes: Int
    var isTrained = true
    /// Whether it is the weight of a matrix product, which reads all of it.
    var multiplies = false
  }

  enum Instruction {
    case run(Operation)
    /// The last variable that refers to the tensor goes out of scope.
    case release(Value)
    /// Between these two, only the input is saved, and everything is recomputed before its backward
    /// pass.
    case beginCheckpoint
    case endCheckpoint
  }

  private(set) var instructions: [Instruction] = []
  private var bytes: [Int] = []
  /// The tensors that need a gradient in a backward pass.
  private(set) var needsGradient: Set<Value> = []
  /// For each tensor, the result of the last operation that reads it, if tensors are released at
  /// their last use.
  private(set) var lastUse: [Value: Value] = [:]

  subscript(value: Value) -> Int { bytes[value.index] }

  /// Adds a tensor of the batch, which exists before and after the step.
  mutating func input(bytes count: Int) -> Value {
    bytes.append(count)
    return Value(index: bytes.count - 1)
  }

  /// Appends an operation.
  ///
  /// - Parameter count: the bytes of its result.
  mutating func run(
    _ kind: Kind, _ inputs: [Value], bytes count: Int, statistics: Int = 0,
    parameters: [Parameter] = [], flops: Int = 0, dequantized: Int = 0,
    savesWeight: Bool = false
  ) -> Value {
    let result = input(bytes: count)
    instructions.append(
      .run(
        Operation(
          kind: kind, inputs: inputs, result: result, statistics: statistics,
          parameters: parameters, flops: flops, dequantized: dequantized,
          savesWeight: savesWeight)))
    if parameters.contains(where: \.isTrained) || inputs.contains(where: needsGradient.contains) {
      needsGradient.insert(result)
    }
    return result
  }

  mutating func release(_ value: Value) { instructions.append(.release(value)) }

  /// Adds a tensor of the batch that needs a gradient.
  mutating func trainedInput(bytes count: Int) -> Value {
    let value = input(bytes: count)
    needsGradient.insert(value)
    return value
  }

  /// Marks the instructions from `start` on as recomputed before their backward pass, if they have
  /// one.
  mutating func checkpoint(from start: Int) {
    let hasGradient = instructions[start...].contains {
      if case .run(let operation) = $0 { needsGradient.contains(operation.result) } else { false }
    }
    guard hasGradient else { return }
    instructions.insert(.beginCheckpoint, at: start)
    instructions.append(.endCheckpoint)
  }

  /// The same operations, with each tensor released after its last use.
  func releasingAtLastUse() -> StepProgram {
    var seen: Set<Value> = []
    var reversed: [Instruction] = []
    for instruction in instructions.reversed() {
      guard case .run(let operation) = instruction else {
        if case .release = instruction { continue }
        reversed.append(instruction)
        continue
      }
      for value in operation.inputs + [operation.result] where seen.insert(value).inserted {
        reversed.append(.release(value))
      }
      reversed.append(.run(operation))
    }
    var program = self
    for case .run(let operation) in instructions {
      for value in operation.inputs { program.lastUse[value] = operation.result }
    }
    program.instructions = reversed.reversed()
    return program
  }
}

extension StepProgram {
  /// The size of a tensor of an operation in bytes.
  func bytes(_ tensor: RuntimeRules.Tensor, _ operation: Operation) -> Int {
    switch tensor {
    case .input(let index): self[operation.inputs[index]]
    case .result: self[operation.result]
    case .statistics: operation.statistics
    }
  }
}

extension StepProgram {
  /// The instructions of the checkpoint that begins at `start`.
  func checkpoint(at start: Int) -> Range<Int> {
    let end = instructions[start...].firstIndex {
      if case .endCheckpoint = $0 { true } else { false }
    }
    return start + 1..<end!
  }

  /// The tensors that some instructions read but do not create, in order.
  func inputs(of range: Range<Int>) -> [Value] {
    var made: Set<Value> = []
    var inputs: [Value] = []
    for case .run(let operation) in instructions[range] {
      for value in operation.inputs where !made.contains(value) && !inputs.contains(value) {
        inputs.append(value)
      }
      made.insert(operation.result)
    }
    return inputs
  }

  /// The operations that are recomputed before the backward pass of their checkpoints.
  func recomputed(_ rules: RuntimeRules) -> [Operation] {
    instructions.indices.flatMap { index -> [Operation] in
      guard case .beginCheckpoint = instructions[index] else { return [] }
      let operations = instructions[checkpoint(at: index)].compactMap { instruction in
        if case .run(let operation) = instruction { operation } else { nil }
      }
      return Array(operations[..<(operations.lastIndex { saves($0, rules) } ?? 0)])
    }
  }

  /// Whether the backward pass reads any tensor of an operation.
  func saves(_ operation: Operation, _ rules: RuntimeRules) -> Bool {
    needsGradient.contains(operation.result)
      && (!rules.rules[operation.kind]!.reads(operation, self).isEmpty
        || operation.savesWeight && operation.inputs.contains(where: needsGradient.contains))
  }
}
