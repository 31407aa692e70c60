import Tensors

/// A batch of texts for the text tower: their tokens, concatenated.
public struct TextBatch: Sendable {
  /// The tokens of all texts.
  let tokens: [Int32]
  let lengths: [Int]
  /// The row of each text's end token, counted over the whole batch.
  let endRows: [Int]

  public var count: Int { lengths.count }

  /// Creates a batch without padding: each text is truncated after its end token.
  ///
  /// The tower is causal, so no row up to the end token depends on what is removed, and the
  /// features equal those of the padded text.
  public init(_ texts: [[Int32]], _ configuration: CLIPConfiguration) {
    self.init(cut: texts.map { Array($0[0...configuration.endRow(of: $0)]) })
  }

  /// Creates a batch of texts padded with their end token to the context length, as published code
  /// does.
  public init(padding texts: [[Int32]], _ configuration: CLIPConfiguration) {
    let context = configuration.contextLength
    precondition(texts.allSatisfy { $0.count <= context }, "texts that fit the context")
    let padded = texts.map { text in
      text + Array(repeating: text.last ?? 0, count: max(0, context - text.count))
    }
    tokens = padded.flatMap { $0 }
    lengths = padded.map(\.count)
    endRows = zip(texts, padded.indices).map {
      configuration.endRow(of: $0) + $1 * context
    }
  }

  private init(cut: [[Int32]]) {
    tokens = cut.flatMap { $0 }
    lengths = cut.map(\.count)
    endRows = Self.starts(lengths).dropFirst().map { $0 - 1 }
  }

  /// The texts at `indices`, in that order.
  public func selecting(_ indices: [Int]) -> TextBatch {
    let starts = Self.starts(lengths)
    var end = 0
    var endRows: [Int] = []
    for index in indices {
      endRows.append(end + self.endRows[index] - starts[index])
      end += lengths[index]
    }
    return TextBatch(
      tokens: indices.flatMap { tokens[starts[$0]..<starts[$0 + 1]] },
      lengths: indices.map { lengths[$0] }, endRows: endRows)
  }

  /// The first row of each text, followed by the total number of rows.
  private static func starts(_ lengths: [Int]) -> [Int] {
    lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
  }

  private init(tokens: [Int32], lengths: [Int], endRows: [Int]) {
    self.tokens = tokens
    self.lengths = lengths
    self.endRows = endRows
  }
}
