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
    parameters: [Parameter] = [], flops: Int = 0
  ) -> Value {
    let result = input(bytes: count)
    instructions.append(
      .run(
        Operation(
          kind: kind, inputs: inputs, result: result, statistics: statistics,
          parameters: parameters, flops: flops)))
    if parameters.contains(where: \.isTrained) || inputs.contains(where: needsGradient.contains) {
      needsGradient.insert(result)
    }
    return result
  }

  mutating func release(_ value: Value) { instructions.append(.release(value)) }

  /// The same operations, with each tensor released behind the last that reads it.
  func releasingAtLastUse() -> StepProgram {
    var seen: Set<Value> = []
    var reversed: [Instruction] = []
    for case .run(let operation) in instructions.reversed() {
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
