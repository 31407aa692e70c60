import CLIP
import Tensors

/// Records a method's training step on a CLIP model, as transformers' `modeling_clip.py` and the
/// methods' published code execute it.
///
/// A tensor is released where its variable in that code goes out of scope.
struct StepBuilder {
  typealias Value = StepProgram.Value

  private(set) var program = StepProgram()
  let configuration: CLIPConfiguration
  let rules: RuntimeRules
  private let techniques: TrainingTechniques
  /// Tensors in bfloat16.
  private var halves: Set<Value> = []
  /// The bfloat16 copies of trained weights, which autocast caches until it ends.
  private var castWeights: [Value] = []
  /// The bytes of the base's trained parameters, by Hugging Face's names.
  private let trained: [String: Int]
  /// The updates of linear layers by the name of the layer's weight.
  private let updates: [String: any LinearUpdate]

  init(
    _ configuration: CLIPConfiguration, _ layout: ParameterLayout, _ table: ParameterTable,
    _ rules: RuntimeRules, _ techniques: TrainingTechniques
  ) {
    self.configuration = configuration
    self.rules = rules
    self.techniques = techniques
    var trained: [String: Int] = [:]
    var updates: [String: any LinearUpdate] = [:]
    for (index, entry) in layout.entries.enumerated() {
      if table[index].isTrained { trained[entry.name] = 4 * entry.count }
      if let update = table.updates[index] { updates[entry.name] = update }
    }
    self.trained = trained
    self.updates = updates
  }

  /// Those of the named parameters that are trained.
  private func trained(_ names: String...) -> [StepProgram.Parameter] {
    names.compactMap { name in trained[name].map { StepProgram.Parameter(bytes: $0) } }
  }

  /// The features of `count` images [count, projection].
  ///
  /// - Parameter prompts: the learned tokens among those of every image; nil for none.
  /// - Returns: the features, and the rows of all tokens.
  mutating func vision(
    _ pixels: Value, count: Int, prompts: VisionPrompts? = nil
  ) -> (features: Value, rows: Value) {
    let tower = configuration.vision
    let name = "vision_model"
    let rows = configuration.patchCount + 1
    let patches = product(
      .patches, pixels, rows: count * (rows - 1), configuration.patchElements, tower.width,
      isTrained: trained["\(name).embeddings.patch_embedding.weight"] != nil, isStored: true)
    // Concatenated with the class embedding, which is float32.
    let full = cast(patches, toHalf: false)
    let embedded = run(
      .concatenate, full, numbers: count * rows * tower.width,
      parameters: trained("\(name).embeddings.class_embedding"))
    if full != patches { release(full) }
    let placed = addPositions(embedded, name, rows: rows, width: tower.width)
    release(patches)
    let x = norm(placed, "\(name).pre_layrnorm", rows: count * rows)
    release(placed)
    let last = encoder(
      x, name, tower,
      Sequences(count: count, length: rows + (prompts?.count ?? 0), mask: nil), prompts: prompts)
    let first = run(.firstRow, last, numbers: count * tower.width)
    let pooled = norm(first, "\(name).post_layernorm", rows: count)
    release(first, x)
    let features = linear(
      pooled, "visual_projection", rows: count, tower.width, configuration.projectionWidth)
    release(pooled)
    return (features, last)
  }

  /// The features of `count` texts of `length` tokens [count, projection], and the rows of all
  /// tokens.
  ///
  /// - Parameter context: the bytes of the learned vectors that replace words; nil if there are
  ///   none.
  mutating func text(count: Int, length: Int, context: Int?) -> (features: Value, rows: Value) {
    let tower = configuration.text
    let name = "text_model"
    let numbers = count * length * tower.width
    var words = embedding("\(name).embeddings.token_embedding.weight", numbers: numbers)
    if let context {
      let learned = run(.concatenate, words, numbers: numbers, parameters: [.init(bytes: context)])
      release(words)
      words = learned
    }
    let x = addPositions(words, name, rows: length, width: tower.width)
    let mask =
      rules.attention == .separate
      ? run(.embedding, numbers: count * length * length) : nil
    let last = encoder(x, name, tower, Sequences(count: count, length: length, mask: mask))
    let rows = norm(last, "\(name).final_layer_norm", rows: count * length)
    let pooled = run(.pickRow, rows, numbers: count * tower.width)
    if let mask { release(mask) }
    release(last, x)
    let features = linear(
      pooled, "text_projection", rows: count, tower.width, configuration.projectionWidth)
    release(pooled)
    return (features, rows)
  }

  private mutating func addPositions(_ x: Value, _ tower: String, rows: Int, width: Int) -> Value {
    let positions = embedding(
      "\(tower).embeddings.position_embedding.weight", numbers: rows * width)
    let sum = run(.add, x, positions, bytes: program[x])
    release(positions, x)
    return sum
  }

  /// Rows of a table, in float32 whatever its storage format.
  private mutating func embedding(_ name: String, numbers: Int) -> Value {
    let parameters = trained(name)
    guard parameters.isEmpty, techniques.basePrecision != .float32, !rules.fusesCasts else {
      return run(.embedding, numbers: numbers, parameters: parameters)
    }
    let stored = program.run(.embedding, [], bytes: 2 * numbers)
    halves.insert(stored)
    let rows = cast(stored, toHalf: false)
    release(stored)
    return rows
  }

  /// The tensor cast to the requested precision, or itself if it already has it.
  private mutating func cast(_ x: Value, toHalf: Bool) -> Value {
    guard halves.contains(x) != toHalf else { return x }
    let result = program.run(.cast, [x], bytes: toHalf ? program[x] / 2 : 2 * program[x])
    if toHalf { halves.insert(result) }
    return result
  }

  private var isHalf: Bool { techniques.precision == .bfloat16 }

  /// The bytes per element of a product's result.
  private var width: Int { isHalf ? 2 : 4 }

  /// Rows that attend to each other.
  private struct Sequences {
    let count: Int
    let length: Int
    /// The causal mask, if scores are a separate operation; nil if all rows are visible.
    let mask: Value?

    var rows: Int { count * length }
  }

  /// Runs all blocks in sequence; the tower's variable holds the first block's input until the end.
  private mutating func encoder(
    _ input: Value, _ name: String, _ tower: TowerConfiguration, _ sequences: Sequences,
    prompts: VisionPrompts? = nil
  ) -> Value {
    var x = input
    for layer in 0..<tower.layers {
      let prompted = prompts.flatMap { addPrompts($0, to: x, layer, tower, sequences) }
      let next = checkpointed { step in
        step.block(prompted ?? x, "\(name).encoder.layers.\(layer)", tower, sequences)
      }
      if let prompted { release(prompted) }
      if x != input { release(x) }
      x = next
    }
    return x
  }

  /// The input of a block with its own prompts; nil if it has none.
  private mutating func addPrompts(
    _ prompts: VisionPrompts, to x: Value, _ layer: Int, _ tower: TowerConfiguration,
    _ sequences: Sequences
  ) -> Value? {
    guard layer < prompts.blocks.count else { return nil }
    let parameters =
      prompts.blocks[layer].isTrained
      ? [StepProgram.Parameter(bytes: 4 * prompts.count * tower.width)] : []
    return run(
      layer == 0 ? .concatenate : .replaceRows, x, numbers: sequences.rows * tower.width,
      parameters: parameters)
  }

  private mutating func checkpointed(_ write: (inout StepBuilder) -> Value) -> Value {
    let start = program.instructions.count
    let result = write(&self)
    if techniques.checkpointing == .blocks { program.checkpoint(from: start) }
    return result
  }

  private mutating func block(
    _ x: Value, _ name: String, _ tower: TowerConfiguration, _ sequences: Sequences
  ) -> Value {
    let rows = sequences.rows
    let (width, inner) = (tower.width, tower.mlpWidth)
    let normed = norm(x, "\(name).layer_norm1", rows: rows)
    let query = linear(normed, "\(name).self_attn.q_proj", rows: rows, width, width)
    let key = linear(normed, "\(name).self_attn.k_proj", rows: rows, width, width)
    let value = linear(normed, "\(name).self_attn.v_proj", rows: rows, width, width)
    let (attended, probabilities) = attention(query, key, value, tower, sequences)
    let mixed = linear(attended, "\(name).self_attn.out_proj", rows: rows, width, width)
    release(attended, query, key, value, normed)
    let middle = run(.add, alike: x, mixed)
    release(mixed)
    let normedAgain = norm(middle, "\(name).layer_norm2", rows: rows)
    let expanded = linear(normedAgain, "\(name).mlp.fc1", rows: rows, width, inner)
    let active = activation(expanded, tower.activation)
    let contracted = linear(active, "\(name).mlp.fc2", rows: rows, inner, width)
    release(active, normedAgain)
    let result = run(.add, alike: middle, contracted)
    release(contracted, middle)
    if let probabilities { release(probabilities) }
    return result
  }

  /// - Returns: the attention's result, and the probabilities if they are a separate tensor.
  private mutating func attention(
    _ query: Value, _ key: Value, _ value: Value, _ tower: TowerConfiguration,
    _ sequences: Sequences
  ) -> (Value, probabilities: Value?) {
    let rowScalars = sequences.rows * tower.heads
    // For one of the two products.
    let flops = 2 * sequences.rows * sequences.length * tower.width
    if rules.attention == .fused {
      let result = program.run(
        .attention, [query, key, value], bytes: program[query], statistics: 4 * rowScalars,
        flops: 2 * flops)
      if isHalf { halves.insert(result) }
      return (result, nil)
    }
    let (q, k, v) = (byHead(query, sequences), byHead(key, sequences), byHead(value, sequences))
    let scores = program.run(
      .product, [q, k], bytes: width * rowScalars * sequences.length, flops: flops)
    if isHalf { halves.insert(scores) }
    release(q, k)
    var last = run(.scale, alike: scores)
    release(scores)
    if let mask = sequences.mask {
      // The mask is float32, and so is the sum.
      let masked = run(.add, last, mask, bytes: 4 * rowScalars * sequences.length)
      release(last)
      last = masked
    }
    let full = cast(last, toHalf: false)
    if full != last { release(last) }
    let softmax = run(.softmax, alike: full)
    release(full)
    let probabilities = isHalf ? cast(softmax, toHalf: true) : softmax
    if probabilities != softmax { release(softmax) }
    var mixed = program.run(
      .product, [probabilities, v], bytes: program[value], flops: flops)
    if isHalf { halves.insert(mixed) }
    release(v)
    if sequences.count > 1 {
      let heads = run(.transpose, alike: mixed)
      release(mixed)
      mixed = heads
    }
    let result = run(.copy, alike: mixed)
    release(mixed)
    return (result, probabilities)
  }

  /// Rows split by head, [count * heads, length, width / heads]: a view for a single sequence,
  /// otherwise a copy.
  private mutating func byHead(_ x: Value, _ sequences: Sequences) -> Value {
    let view = run(.transpose, alike: x)
    guard sequences.count > 1 else { return view }
    let copy = run(.copy, alike: view)
    release(view)
    return copy
  }

  /// Applies the activation and releases its input.
  private mutating func activation(_ x: Value, _ activation: Activation) -> Value {
    let result: Value
    if activation == .quickGELU, !rules.fusesQuickGELU {
      let scaled = run(.scale, alike: x)
      let gate = run(.sigmoid, alike: scaled)
      release(scaled)
      result = run(.multiply, alike: x, gate)
      release(gate)
    } else {
      result = run(.activation, alike: x)
    }
    release(x)
    return result
  }

  /// x W^T + b, as the layer's update changes it if there is one.
  private mutating func linear(_ x: Value, _ name: String, rows: Int, _ inputs: Int, _ outputs: Int)
    -> Value
  {
    let layer = BaseLinear(
      rows: rows, inputs: inputs, outputs: outputs,
      isTrained: trained["\(name).weight"] != nil, bias: trained("\(name).bias"))
    switch updates["\(name).weight"] {
    case nil: return plain(x, layer)
    case let update as LowRankUpdates: return lowRank(x, layer, update.clients[0])
    case let update as ScalingUpdate: return scaling(x, layer, update)
    case let update as MagnitudeUpdate: return magnitude(x, layer, update)
    default: preconditionFailure("a program for every kind of update")
    }
  }

  /// A linear layer of the base.
  private struct BaseLinear {
    let rows: Int
    let inputs: Int
    let outputs: Int
    let isTrained: Bool
    /// The bias if it is trained.
    let bias: [StepProgram.Parameter]
  }

  private mutating func plain(_ x: Value, _ layer: BaseLinear) -> Value {
    product(
      .linear, x, rows: layer.rows, layer.inputs, layer.outputs, isTrained: layer.isTrained,
      layer.bias, isStored: true)
  }

  /// x W^T + b + scale B A x, or with a core scale B R A x.
  private mutating func lowRank(
    _ x: Value, _ layer: BaseLinear, _ update: LowRankUpdate
  ) -> Value {
    let (rows, rank) = (layer.rows, update.rank)
    var reduced = product(
      .linear, x, rows: rows, layer.inputs, rank, isTrained: update.a.isTrained)
    if let core = update.core {
      let turned = product(.linear, reduced, rows: rows, rank, rank, isTrained: core.isTrained)
      release(reduced)
      reduced = turned
    }
    let plain = plain(x, layer)
    let raised = product(
      .linear, reduced, rows: rows, rank, layer.outputs, isTrained: update.b.isTrained)
    let scaled = run(.scale, alike: raised)
    release(raised)
    let sum = run(.add, alike: plain, scaled)
    release(scaled, plain, reduced)
    return sum
  }

  /// l (x W^T + b), or (l x) W^T + b.
  private mutating func scaling(
    _ x: Value, _ layer: BaseLinear, _ update: ScalingUpdate
  ) -> Value {
    switch update.side {
    case .outputs:
      let plain = plain(x, layer)
      let y = scaleColumns(plain, update.factors, layer.outputs)
      release(plain)
      return y
    case .inputs:
      let scaled = scaleColumns(x, update.factors, layer.inputs)
      let y = plain(scaled, layer)
      release(scaled)
      return y
    }
  }

  /// m / |W + scale B A| (x W^T + scale B A x) + b, in which the norm is computed without a gradient.
  private mutating func magnitude(
    _ x: Value, _ layer: BaseLinear, _ update: MagnitudeUpdate
  ) -> Value {
    let rank = update.direction.rank
    let count = layer.inputs * layer.outputs
    let factors = StepProgram.Parameter(
      bytes: 4 * rank * (layer.inputs + layer.outputs), isTrained: false, multiplies: true)
    var direction = program.run(
      .product, [], bytes: 4 * count, parameters: [factors], flops: 2 * count * rank)
    for kind in [StepProgram.Kind.scale, .add] {
      let next = program.run(kind, [direction], bytes: 4 * count)
      release(direction)
      direction = next
    }
    release(direction)
    let product = lowRank(x, layer, update.direction)
    let y = scaleColumns(product, update.magnitude, layer.outputs, isComputed: true)
    release(product)
    let result = run(.add, alike: y)
    release(y)
    return result
  }

  /// A learned factor for every column.
  ///
  /// - Parameter isComputed: whether the factors are the quotient of the parameter and a norm, both of
  ///   which are saved for the backward pass, rather than the parameter itself.
  private mutating func scaleColumns(
    _ x: Value, _ factors: Parameter, _ columns: Int, isComputed: Bool = false
  ) -> Value {
    let result = program.run(
      .scaleColumns, [x], bytes: program[x], statistics: isComputed ? 8 * columns : 0,
      parameters: factors.isTrained ? [StepProgram.Parameter(bytes: 4 * columns)] : [])
    if halves.contains(x) { halves.insert(result) }
    return result
  }

  /// A layer of the method itself, outside the base.
  mutating func linear(_ x: Value, _ layer: Linear, rows: Int) -> Value {
    let bias =
      layer.bias?.isTrained == true ? [StepProgram.Parameter(bytes: 4 * layer.outputs)] : []
    return product(
      .linear, x, rows: rows, layer.inputs, layer.outputs, isTrained: layer.weight.isTrained, bias)
  }

  /// The product of rows and a weight [outputs, inputs].
  ///
  /// - Parameter isStored: whether the weight belongs to the base and has the storage format of
  ///   frozen weights.
  private mutating func product(
    _ kind: StepProgram.Kind, _ x: Value, rows: Int, _ inputs: Int, _ outputs: Int,
    isTrained: Bool, _ bias: [StepProgram.Parameter] = [], isStored: Bool = false
  ) -> Value {
    let factor = isHalf ? cast(x, toHalf: true) : x
    let form = isStored && !isTrained ? techniques.basePrecision : .float32
    let (count, flops) = (inputs * outputs, 2 * rows * inputs * outputs)
    let result: Value
    if isHalf, form == .float32, !rules.fusesCasts {
      // Autocast makes a copy, which is saved for the gradient of x; the copy of a trained weight
      // is cached.
      let copy = program.run(
        .cast, [], bytes: 2 * count,
        parameters: [.init(bytes: 4 * count, isTrained: isTrained, multiplies: true)])
      result = program.run(
        .product, [factor, copy], bytes: 2 * rows * outputs, parameters: bias, flops: flops)
      if isTrained { castWeights.append(copy) } else { release(copy) }
    } else {
      let isMade = form != .float32 && !(form == .bfloat16 && isHalf) && !rules.fusesCasts
      let weight = StepProgram.Parameter(
        bytes: form.bytes(kind == .patches ? .embedding : .linear, count: count, outputs: outputs),
        isTrained: isTrained, multiplies: true)
      result = program.run(
        kind, [factor], bytes: width * rows * outputs, parameters: [weight] + bias, flops: flops,
        dequantized: isMade ? width * count : 0, savesWeight: form == .float32)
    }
    if factor != x { release(factor) }
    if isHalf { halves.insert(result) }
    return result
  }

  /// Frees the copies of trained weights where autocast ends.
  mutating func endPass() {
    release(castWeights)
    castWeights = []
  }

  private mutating func norm(_ x: Value, _ name: String, rows: Int) -> Value {
    // The product that follows reads bfloat16; a planned program writes that directly.
    let writesHalf = isHalf && rules.fusesCasts
    let result = program.run(
      .layerNorm, [x], bytes: writesHalf ? program[x] / 2 : program[x], statistics: 8 * rows,
      parameters: trained("\(name).weight", "\(name).bias"))
    if writesHalf { halves.insert(result) }
    return result
  }

  /// Scaled cosines [prompts, images]; releases nothing.
  mutating func logits(images: Value, count: Int, prompts: Value, promptCount: Int) -> Value {
    let unitImages = unitRows(images, count: count)
    let unitPrompts = unitRows(prompts, count: promptCount)
    let halfImages = isHalf ? cast(unitImages, toHalf: true) : unitImages
    let halfPrompts = isHalf ? cast(unitPrompts, toHalf: true) : unitPrompts
    let cosines = program.run(
      .product, [halfPrompts, halfImages], bytes: width * count * promptCount,
      flops: 2 * count * promptCount * configuration.projectionWidth)
    if isHalf { halves.insert(cosines) }
    if halfImages != unitImages { release(halfImages) }
    if halfPrompts != unitPrompts { release(halfPrompts) }
    let logits = run(.scale, alike: cosines)
    release(cosines, unitImages, unitPrompts)
    return logits
  }

  /// The loss of scores, which it releases.
  mutating func loss(_ loss: Loss, _ scores: Value) {
    crossEntropy(scores)
    if loss == .contrastive { crossEntropy(scores) }
    release(scores)
  }

  private mutating func crossEntropy(_ logits: Value) {
    _ = program.run(.crossEntropy, [logits], bytes: 4, statistics: program[logits])
  }

  mutating func unitRows(_ x: Value, count: Int) -> Value {
    let unit = program.run(.unitRows, [x], bytes: program[x], statistics: 4 * count)
    if halves.contains(x) { halves.insert(unit) }
    return unit
  }

  mutating func input(bytes: Int) -> Value { program.input(bytes: bytes) }

  /// Cached features, in the precision that products return.
  mutating func features(count: Int, isTrained: Bool) -> Value {
    let bytes = width * count * configuration.projectionWidth
    let value = isTrained ? program.trainedInput(bytes: bytes) : program.input(bytes: bytes)
    if isHalf { halves.insert(value) }
    return value
  }

  /// A gradient that is provided from outside.
  mutating func seed(_ x: Value) { _ = program.run(.seed, [x], bytes: 0) }

  mutating func run(
    _ kind: StepProgram.Kind, _ inputs: Value..., numbers: Int,
    parameters: [StepProgram.Parameter] = []
  ) -> Value {
    program.run(kind, inputs, bytes: 4 * numbers, parameters: parameters)
  }

  mutating func run(_ kind: StepProgram.Kind, _ inputs: Value..., bytes: Int) -> Value {
    program.run(kind, inputs, bytes: bytes)
  }

  mutating func run(_ kind: StepProgram.Kind, alike first: Value, _ others: Value...) -> Value {
    let result = program.run(kind, [first] + others, bytes: program[first])
    if halves.contains(first) { halves.insert(result) }
    return result
  }

  mutating func release(_ values: Value...) { release(values) }

  mutating func release(_ values: [Value]) {
    for value in values { program.release(value) }
  }
}
