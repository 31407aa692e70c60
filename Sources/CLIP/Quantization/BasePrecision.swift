import Tensors

/// How a device stores the weights that it does not train.
///
/// Norms, biases and the logit scale stay float32 in each form, as QLoRA's published code has them; the forms
/// differ in what they do to the weights of linear layers and to embeddings (tokens, positions, class, patches).
public enum BasePrecision: String, Codable, Sendable, CaseIterable {
  case float32
  /// Linear weights and embeddings rounded to bfloat16.
  case bfloat16
  /// Linear weights as whole numbers from -127 to 127 times a float32 scale for each output; embeddings
  /// in bfloat16.
  case int8
  /// Linear weights as 4-bit NormalFloat in blocks of 64 with doubly quantised scales (QLoRA, Dettmers et al.,
  /// arXiv 2305.14314); embeddings in bfloat16.
  case nf4

  /// How a parameter is stored.
  package enum Role {
    /// The weight [outputs, inputs] of a linear layer of a block, or of a projection.
    case linear
    case embedding
    /// Norms, biases, the logit scale.
    case other
  }

  /// Bytes that a parameter takes.
  ///
  /// - Parameters:
  ///   - count: its numbers.
  ///   - outputs: the rows of a linear weight.
  package func bytes(_ role: Role, count: Int, outputs: Int) -> Int {
    switch (self, role) {
    case (.float32, _), (_, .other): 4 * count
    case (.bfloat16, _), (_, .embedding): 2 * count
    case (.int8, .linear): Int8Rows.bytes(count: count, rows: outputs)
    case (.nf4, .linear): NormalFloat4.bytes(count: count)
    }
  }

  /// What a parameter's numbers are when they are read back.
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
