/// Walks a step forward and backward under a runtime's rules, and tracks the live bytes.
///
/// It works like PyTorch's autograd: tensors and views share reference-counted storage, backward
/// passes run in reverse order of the forward pass once the gradient of the result is complete, and
/// saved tensors are freed afterwards.
struct StepMemory {
  private typealias Value = StepProgram.Value
  private typealias Rule = RuntimeRules.Rule

  /// The peak bytes of tensors that the step itself creates. Excludes what exists before and after
  /// it, parameters and batch; includes gradients of parameters.
  private(set) var peak = 0
  /// The bytes that the forward pass saves for the backward pass.
  private(set) var kept = 0
  private var live = 0
  private let program: StepProgram
  private let rules: RuntimeRules
  private var storages: [Storage] = []
  private var storageOf: [Value: Int] = [:]
  private var gradientOf: [Value: Int] = [:]
  private var tape: [Record] = []

  private struct Storage {
    let bytes: Int
    var references = 1
  }

  /// A step of the backward pass, with the storages saved for it.
  private enum Record {
    case operation(StepProgram.Operation, saved: [Int])
    /// Instructions to recompute first.
    case checkpoint(Range<Int>, saved: [Int])
    /// Storages that are no longer needed.
    case release([Int])
  }

  /// Whether parameter gradients already exist, so that new ones are added to them and freed.
  private let accumulates: Bool

  /// - Parameters:
  ///   - recording: whether a backward pass follows.
  ///   - accumulates: whether parameter gradients already exist; if so, they are not counted.
  init(
    _ program: StepProgram, _ rules: RuntimeRules, recording: Bool, accumulates: Bool = false
  ) {
    self.program = rules.keepsVariables ? program : program.releasingAtLastUse()
    self.rules = rules
    self.accumulates = accumulates
    forward(self.program.instructions.indices, recording: recording)
    kept = live
    while let record = tape.popLast() {
      switch record {
      case .operation(let operation, let saved): backward(operation, saved)
      case .checkpoint(let range, let saved):
        tape.append(.release(saved))
        recompute(range)
      case .release(let storages): release(storages)
      }
    }
  }

  private mutating func forward(_ range: Range<Int>, recording: Bool) {
    var index = range.lowerBound
    while index < range.upperBound {
      switch program.instructions[index] {
      case .run(let operation): forward(operation, recording: recording)
      case .release(let value): if let storage = storageOf[value] { release(storage) }
      case .endCheckpoint: break
      case .beginCheckpoint:
        let region = program.checkpoint(at: index)
        let inputs = program.inputs(of: region).compactMap { storageOf[$0] }
        if recording {
          for storage in inputs { retain(storage) }
        }
        forward(region, recording: false)
        if recording { tape.append(.checkpoint(region, saved: inputs)) }
        index = region.upperBound
      }
      index += 1
    }
  }

  /// The bytes of the parameter gradients that a program creates.
  static func gradientBytes(_ program: StepProgram) -> Int {
    program.instructions.reduce(0) { sum, instruction in
      guard case .run(let operation) = instruction else { return sum }
      return sum + operation.trained.reduce(0, +)
    }
  }

  /// Reruns a checkpoint's forward pass up to the last tensor saved for the backward pass.
  private mutating func recompute(_ range: Range<Int>) {
    let inputs = Set(program.inputs(of: range))
    let needed = range.lastIndex { index in
      guard case .run(let operation) = program.instructions[index] else { return false }
      return program.saves(operation, rules)
    }
    // Tensors without a variable after the forward pass, including copies of weights.
    var made: Set<Value> = []
    for index in range {
      switch program.instructions[index] {
      case .run(let operation):
        if let needed, index < needed {
          forward(operation, recording: true)
          made.insert(operation.result)
        } else {
          record(operation)
        }
      case .release(let value):
        if !inputs.contains(value), let storage = storageOf[value] {
          release(storage)
          made.remove(value)
        }
      default: break
      }
    }
    for value in made { if let storage = storageOf[value] { release(storage) } }
  }

  /// Records an operation whose result is no longer needed. PyTorch stops recomputing as soon as
  /// the last saved tensor exists, before the operation that saves it has run.
  private mutating func record(_ operation: StepProgram.Operation) {
    guard program.needsGradient.contains(operation.result) else { return }
    storageOf[operation.result] = nil
    let saved = rules.rules[operation.kind]!.reads(operation, program).compactMap { tensor in
      if case .input(let index) = tensor { storageOf[operation.inputs[index]] } else { nil }
    }
    for storage in saved { retain(storage) }
    tape.append(.operation(operation, saved: saved))
  }

  private mutating func forward(_ operation: StepProgram.Operation, recording: Bool) {
    let rule = rules.rules[operation.kind]!
    let isRecorded = recording && program.needsGradient.contains(operation.result)
    let reads = isRecorded ? rule.reads(operation, program) : []
    let temporaries = rule.forwardTemporaries.map { allocate(program.bytes($0, operation)) }
    let dequantized = operation.dequantized > 0 ? allocate(operation.dequantized) : nil
    let result = self.result(operation, rule, reads)
    storageOf[operation.result] = result
    let statistics = operation.statistics > 0 ? allocate(operation.statistics) : nil
    release(temporaries)
    if let dequantized { release(dequantized) }
    if isRecorded {
      let saved = reads.compactMap { tensor in
        switch tensor {
        case .input(let index): storageOf[operation.inputs[index]]
        case .result: result
        case .statistics: statistics
        }
      }
      for storage in saved { retain(storage) }
      tape.append(.operation(operation, saved: saved))
    }
    if let statistics { release(statistics) }
  }

  private mutating func result(
    _ operation: StepProgram.Operation, _ rule: Rule, _ reads: Set<RuntimeRules.Tensor>
  ) -> Int {
    let bytes = program[operation.result]
    guard rule.result != .new, let input = operation.inputs.first.flatMap({ storageOf[$0] }) else {
      return allocate(bytes)
    }
    let isOver =
      storages[input].references == 1 && storages[input].bytes == bytes
      && program.lastUse[operation.inputs[0]] == operation.result && !reads.contains(.input(0))
    guard rule.result == .same || isOver else { return allocate(bytes) }
    retain(input)
    return input
  }

  private mutating func backward(_ operation: StepProgram.Operation, _ saved: [Int]) {
    let rule = rules.rules[operation.kind]!
    // The backward pass of a loss starts with a new gradient.
    let gradient = gradientOf.removeValue(forKey: operation.result) ?? allocate(4)
    let temporaries = rule.backwardTemporaries.map { allocate(program.bytes($0, operation)) }
    // Only the gradient of the input needs the weight.
    let needsWeight =
      operation.dequantized > 0 && operation.inputs.contains(where: program.needsGradient.contains)
    let dequantized = needsWeight ? allocate(operation.dequantized) : nil
    var made: [(Value, Int)] = []
    for input in operation.inputs where program.needsGradient.contains(input) {
      if let gradient = inputGradient(input, rule, of: operation.kind, from: gradient) {
        made.append((input, gradient))
      }
    }
    for bytes in operation.trained {
      let gradient = allocate(bytes)
      if accumulates { release(gradient) }
    }
    release(temporaries)
    if let dequantized { release(dequantized) }
    release(gradient)
    release(saved)
    for (input, gradient) in made { accumulate(gradient, of: input) }
  }

  /// The gradient of an input; nil if it was added to an existing one.
  private mutating func inputGradient(
    _ input: Value, _ rule: Rule, of kind: StepProgram.Kind, from gradient: Int
  ) -> Int? {
    let bytes = program[input]
    let isAlike = storages[gradient].bytes == bytes
    switch rule.inputGradient {
    case .part,
      .same where isAlike,
      .over where isAlike && storages[gradient].references == 1:
      retain(gradient)
      return gradient
    default:
      if rules.addsGradientsInProducts, kind == .linear, let sum = gradientOf[input],
        storages[sum].references == 1
      {
        return nil
      }
      return allocate(bytes)
    }
  }

  /// PyTorch adds to an existing gradient in place if nothing else refers to it.
  private mutating func accumulate(_ gradient: Int, of value: Value) {
    guard let sum = gradientOf[value] else {
      gradientOf[value] = gradient
      return
    }
    if storages[sum].references > 1 {
      gradientOf[value] = allocate(program[value])
      release(sum)
    }
    release(gradient)
  }

  private mutating func allocate(_ bytes: Int) -> Int {
    live += bytes
    peak = max(peak, live)
    storages.append(Storage(bytes: bytes))
    return storages.count - 1
  }

  private mutating func retain(_ storage: Int) { storages[storage].references += 1 }

  private mutating func release(_ storage: Int) {
    storages[storage].references -= 1
    if storages[storage].references == 0 { live -= storages[storage].bytes }
  }

  private mutating func release(_ storages: [Int]) {
    for storage in storages { release(storage) }
  }
}
