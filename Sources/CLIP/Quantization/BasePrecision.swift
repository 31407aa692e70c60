import Tensors

/// How a device stores its frozen weights.
///
/// Norms, biases and the logit scale always stay float32, as in QLoRA's published code. The formats
/// differ for the weights of linear layers and for embeddings (tokens, positions, class, patches).
public enum BasePrecision: String, Codable, Sendable, CaseIterable {
  case float32
  /// Linear weights and embeddings rounded to bfloat16.
  case bfloat16
  /// Linear weights as integers from -127 to 127 with a float32 scale per output; embeddings in
  /// bfloat16.
  case int8
  /// Linear weights as 4-bit NormalFloat in blocks of 64 with doubly quantised scales (QLoRA,
  /// Dettmers et al., arXiv 2305.14314); embeddings in bfloat16.
  case nf4

  /// The role of a parameter, which determines its storage format.
  package enum Role {
    /// The weight [outputs, inputs] of a block's linear layer or of a projection.
    case linear
    case embedding
    /// Norms, biases, the logit scale.
    case other
  }

  /// The storage of a parameter in bytes.
  ///
  /// - Parameters:
  ///   - count: the number of values.
  ///   - outputs: the number of rows of a linear weight.
  package func bytes(_ role: Role, count: Int, outputs: Int) -> Int {
    switch (self, role) {
    case (.float32, _), (_, .other): 4 * count
    case (.bfloat16, _), (_, .embedding): 2 * count
    case (.int8, .linear): Int8Rows.bytes(count: count, rows: outputs)
    case (.nf4, .linear): NormalFloat4.bytes(count: count)
    }
  }

  /// The values of a parameter after quantisation and dequantisation.
  func roundTrip(
    _ numbers: UnsafeBufferPointer<Float>, _ role: Role, outputs: Int
  ) -> [Float] {
    switch (self, role) {
    case (.float32, _), (_, .other): Array(numbers)
    case (.bfloat16, _), (_, .embedding): numbers.map { Float(bfloat16: $0.bfloat16) }
    case (.int8, .linear): Int8Rows.roundTrip(numbers, rows: outputs)
    case (.nf4, .linear): NormalFloat4.roundTrip(numbers)
    }
  }
}
