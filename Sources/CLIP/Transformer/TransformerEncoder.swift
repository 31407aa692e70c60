import Tensors

/// The blocks of a tower, and the depth of its backward pass.
struct TransformerEncoder {
  private let blocks: [TransformerBlock]
  /// Whether anything below the blocks is trained.
  private let trainsInput: Bool
  /// Tokens that replace some of a block's input; only in the vision tower.
  private let prompts: VisionPrompts?
  /// The lowest block of the backward pass.
  private let lowest: Int
  private let options: TowerOptions

  init(
    _ parameters: [CLIPParameters.Block], _ tower: TowerConfiguration, trainsInput: Bool,
    prompts: VisionPrompts? = nil, _ options: TowerOptions, _ table: ParameterTable
  ) {
    blocks = parameters.map { TransformerBlock($0, tower, table) }
    self.trainsInput = trainsInput
    self.prompts = prompts
    self.options = options
    lowest = trainsInput ? 0 : blocks.firstIndex(where: \.isTrained) ?? blocks.count
  }

  /// Whether the backward pass enters the blocks.
  var isTrained: Bool { trainsInput || lowest < blocks.count }

  /// Whether there is anything below the lowest trained layer to precompute.
  var hasFrozenStart: Bool { !trainsInput && lowest < blocks.count }

  /// The precomputed output of everything below the lowest trained layer.
  func frozenStart(_ x: Matrix, _ rows: TokenRows, _ context: ComputeContext) -> FrozenStart {
    precondition(hasFrozenStart, "something frozen below something trained")
    var x = x
    for block in blocks[..<lowest] {
      x = block.forward(x, rows, .all, nil, context).y
    }
    let mixed = blocks[lowest].frozenMixed(x, rows, context)
    defer {
      x.recycle()
      mixed?.recycle()
    }
    return FrozenStart(
      block: lowest, input: FrozenRows(copying: x), mixed: mixed.map { FrozenRows(copying: $0) })
  }

  /// Runs tokens through the blocks.
  ///
  /// - Parameters:
  ///   - x: the tokens, [rows.count, width], or the precomputed start after the frozen layers.
  /// - Returns: the pooled rows [rows.pooled.count, width]; the tape is empty unless `recording`.
  func forward(
    _ x: Input, _ rows: TokenRows, recording: Bool, _ context: ComputeContext
  ) -> (pooled: Matrix, tape: Tape) {
    var (first, x, mixed): (Int, Matrix, Matrix?) =
      switch x {
      case .tokens(let x): (0, x, nil)
      case .start(let start): (start.block, start.input.matrix, start.mixed?.matrix)
      }
    var tapes: [BlockTape?] = .init(repeating: nil, count: first)
    tapes.reserveCapacity(blocks.count)
    for index in first..<blocks.count {
      if let prompts, prompts.replaces(before: index) {
        prompts.replace(in: x, before: index, images: rows.pooled.count, context)
      }
      let need = recording ? need(of: index) : nil
      let keepsInputAlone = need != nil && options.recomputesBlocks
      let (y, tape) = blocks[index].forward(
        keepsInputAlone ? x.slice(0..<x.rows) : x, mixed: mixed, rows, queries(index),
        keepsInputAlone ? nil : need, context)
      tapes.append(keepsInputAlone ? .input(x, mixed: mixed) : tape.map { .recorded($0) })
      x = y
      mixed = nil
    }
    if !prunes {
      let pooled = context.gather(x, rows.pooled)
      x.recycle()
      x = pooled
    }
    return (x, Tape(rows: rows, blocks: tapes))
  }

  enum Input {
    case tokens(Matrix)
    case start(FrozenStart)
  }

  /// Adds the gradients of all trained parameters of the blocks.
  ///
  /// - Parameter gradient: the gradient of the pooled rows; recycled.
  /// - Returns: the gradient of the tokens [rows.count, width], if anything below is trained.
  func backward(_ gradient: Matrix, _ tape: Tape, _ context: ComputeContext) -> Matrix? {
    var gradient = gradient
    if !prunes {
      let all = context.matrix(tape.rows.count, gradient.columns, zeroed: true)
      context.scatterAdd(gradient, to: all, tape.rows.pooled)
      gradient.recycle()
      gradient = all
    }
    for index in blocks.indices.reversed() {
      guard let need = need(of: index), let kept = tape.blocks[index] else { break }
      let blockTape =
        switch kept {
        case .recorded(let tape): tape
        case .input(let x, let mixed):
          blocks[index].recompute(x, mixed: mixed, tape.rows, queries(index), need, context)
        }
      let below = blocks[index].backward(
        gradient, blockTape, tape.rows, queries(index), need, context)
      guard let below else { return nil }
      gradient = below
      if let prompts, prompts.replaces(before: index) {
        prompts.takeGradient(
          gradient, ofBlock: index, images: tape.rows.pooled.count, context)
      }
    }
    return gradient
  }

  private var prunes: Bool { options.prunesLastBlock && !blocks.isEmpty }

  private func queries(_ index: Int) -> TokenRows.Queries {
    prunes && index == blocks.count - 1 ? .pooled : .all
  }

  private func need(of index: Int) -> TransformerBlock.BackwardNeed? {
    guard index >= lowest else { return nil }
    return TransformerBlock.BackwardNeed(input: trainsInput || index > lowest)
  }

  /// What a block's backward pass starts from.
  enum BlockTape {
    case recorded(TransformerBlock.Tape)
    /// The block's input, from which the rest is recomputed.
    case input(Matrix, mixed: Matrix?)
  }

  struct Tape {
    let rows: TokenRows
    let blocks: [BlockTape?]

    /// Gathers the tape for a selection of the rows; `source` and `pooled` index the old rows.
    func gathering(
      _ selection: TokenRows, source: [Int32], pooled: [Int32], _ context: ComputeContext
    ) -> Tape {
      Tape(
        rows: selection,
        blocks: blocks.map { tape in
          switch tape {
          case nil: nil
          case .recorded(let tape):
            .recorded(
              tape.gathering(rows, source: source, pooled: pooled, selection, context))
          case .input(let x, let mixed):
            .input(
              context.gather(x, source), mixed: mixed.map { context.gather($0, source) })
          }
        })
    }
  }
}
