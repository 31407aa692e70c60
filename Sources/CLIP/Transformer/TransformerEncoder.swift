import Tensors

/// The blocks of a tower, and how far down its backward pass has to go.
struct TransformerEncoder {
  private let blocks: [TransformerBlock]
  /// Whether something below the blocks is trained.
  private let trainsInput: Bool
  /// The lowest block that the backward pass visits.
  private let lowest: Int

  init(
    _ parameters: [CLIPParameters.Block], _ tower: TowerConfiguration, causal: Bool,
    trainsInput: Bool, _ table: ParameterTable
  ) {
    blocks = parameters.map { TransformerBlock($0, tower, causal: causal, table) }
    self.trainsInput = trainsInput
    lowest = trainsInput ? 0 : blocks.firstIndex(where: \.isTrained) ?? blocks.count
  }

  /// Whether the backward pass enters the blocks at all.
  var isTrained: Bool { trainsInput || lowest < blocks.count }

  /// Passes `x` [rows, width] through all blocks; the tape is nil where `recording` is false.
  func forward(
    _ x: Matrix, _ sequences: RaggedRows, recording: Bool, _ context: ComputeContext
  ) -> (y: Matrix, tape: Tape) {
    var x = x
    var tapes: [TransformerBlock.Tape?] = []
    for (index, block) in blocks.enumerated() {
      let (y, tape) = block.forward(x, sequences, recording ? need(of: index) : nil, context)
      tapes.append(tape)
      x = y
    }
    return (x, Tape(sequences: sequences, blocks: tapes))
  }

  /// Turns the gradient of the output into that of the input, in place, as far down as needed.
  func backward(_ gradient: Matrix, _ tape: Tape, _ context: ComputeContext) {
    for index in blocks.indices.reversed() {
      guard let need = need(of: index), let blockTape = tape.blocks[index] else { return }
      blocks[index].backward(gradient, blockTape, tape.sequences, need, context)
    }
  }

  private func need(of index: Int) -> TransformerBlock.BackwardNeed? {
    guard index >= lowest else { return nil }
    return TransformerBlock.BackwardNeed(input: trainsInput || index > lowest)
  }

  struct Tape {
    let sequences: RaggedRows
    let blocks: [TransformerBlock.Tape?]
  }
}
