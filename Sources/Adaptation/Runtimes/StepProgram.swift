/// A training step's forward pass as a list of operations on tensors, of which only the sizes are known.
///
/// It is the same for every runtime but for attention and activations, which a runtime runs in one
/// operation or in several. `StepMemory` walks it forward and back.
struct StepProgram {
  /// A tensor.
  struct Value: Hashable {
    fileprivate let index: Int
  }

  enum Kind: String {
    /// Rows of a table, and the patches of images times a weight.
    case embedding, patches
    /// Tensors behind each other, and the sum of two.
    case concatenate, add
    /// x W^T + b.
    case linear
    /// A product of two matrices for each element of a batch.
    case product
    /// Times a constant; element by element; the logistic function; along rows.
    case scale, multiply, sigmoid, tanh, relu, softmax, layerNorm
    /// GELU's exact form or its quick one in one operation, x sigmoid(1.702 x).
    case activation
    /// softmax(q k^T) v in one operation.
    case attention
    /// The same numbers in another order in memory, and only looked at in another order.
    case copy, transpose
    /// The same numbers in another precision.
    case cast
    /// A tensor whose gradient is given.
    case seed
    /// One row of each text, and of each image.
    case pickRow, firstRow
    /// Rows divided by their length.
    case unitRows
    case crossEntropy
  }

  struct Operation {
    let kind: Kind
    let inputs: [Value]
    let result: Value
    /// Bytes of what it makes for its backward pass beside the result: means and deviations, logarithms
    /// of sums, lengths.
    let statistics: Int
    let parameters: [Parameter]
    /// Floating-point operations of its matrix products, 2 m n k each.
    let flops: Int
    /// Bytes of a stored weight as it is multiplied with: made for each pass, and freed behind it.
    let dequantized: Int
    /// Whether PyTorch saves the weight for the gradient of the input: one that is float32. A layer on a stored
    /// weight keeps that by itself, as bitsandbytes' do.
    let savesWeight: Bool

    /// Bytes of each trained parameter.
    var trained: [Int] { parameters.filter(\.isTrained).map(\.bytes) }
  }

  struct Parameter {
    let bytes: Int
    var isTrained = true
    /// Whether it is the weight of a matrix product, which reads all of it.
    var multiplies = false
  }

  enum Instruction {
    case run(Operation)
    /// The last variable that names the tensor goes out of scope.
    case release(Value)
    /// What is between the two keeps its input alone, and is run again before its backward pass.
    case beginCheckpoint
    case endCheckpoint
  }

  private(set) var instructions: [Instruction] = []
  private var bytes: [Int] = []
  /// What a gradient is computed of, where a backward pass follows.
  private(set) var needsGradient: Set<Value> = []
  /// The result of the last operation that reads a tensor, where tensors are released at that.
  private(set) var lastUse: [Value: Value] = [:]

  subscript(value: Value) -> Int { bytes[value.index] }

  /// A tensor of the batch, which is there before the step and after it.
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

  /// A tensor of the batch whose gradient is wanted.
  mutating func trainedInput(bytes count: Int) -> Value {
    let value = input(bytes: count)
    needsGradient.insert(value)
    return value
  }

  /// Marks what was appended since there were `start` instructions as computed again before its backward
  /// pass, if it has one.
  mutating func checkpoint(from start: Int) {
    let hasGradient = instructions[start...].contains {
      if case .run(let operation) = $0 { needsGradient.contains(operation.result) } else { false }
    }
    guard hasGradient else { return }
    instructions.insert(.beginCheckpoint, at: start)
    instructions.append(.endCheckpoint)
  }

  /// The same operations, with each tensor released behind the last that reads it.
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
  /// The size of a tensor of an operation.
  func bytes(_ tensor: RuntimeRules.Tensor, _ operation: Operation) -> Int {
    switch tensor {
    case .input(let index): self[operation.inputs[index]]
    case .result: self[operation.result]
    case .statistics: operation.statistics
    }
  }
}

extension StepProgram {
  /// What is between the checkpoint that begins at an instruction and its end.
  func checkpoint(at start: Int) -> Range<Int> {
    let end = instructions[start...].firstIndex {
      if case .endCheckpoint = $0 { true } else { false }
    }
    return start + 1..<end!
  }

  /// The tensors that some instructions read and do not make, in their order.
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

  /// The operations that are run a second time, before the backward pass of their checkpoints.
  func recomputed(_ rules: RuntimeRules) -> [Operation] {
    instructions.indices.flatMap { index -> [Operation] in
      guard case .beginCheckpoint = instructions[index] else { return [] }
      let operations = instructions[checkpoint(at: index)].compactMap { instruction in
        if case .run(let operation) = instruction { operation } else { nil }
      }
      return Array(operations[..<(operations.lastIndex { saves($0, rules) } ?? 0)])
    }
  }

  /// Whether the backward pass reads something of an operation.
  func saves(_ operation: Operation, _ rules: RuntimeRules) -> Bool {
    needsGradient.contains(operation.result)
      && (!rules.rules[operation.kind]!.reads(operation, self).isEmpty
        || operation.savesWeight && operation.inputs.contains(where: needsGradient.contains))
  }
}
