import Adaptation

/// All that is needed of a version in order to train or test a client's model, as values.
package struct ClientModel: Codable, Sendable {
  /// The number of the version.
  package let version: Int
  /// The client whose own the parameters are; nil where all clients of one `part` have the same.
  package let owner: Int?
  /// The numbers that training starts from.
  package let parameters: [Float]
  /// Nil where the method is trained as a whole.
  package let lora: LoRA?

  /// The constants of a LoRA of which a part is trained.
  package struct LoRA: Codable, Sendable {
    package let part: TrainedPart
    /// A and B of every layer, of the part's rank.
    package let factors: [Float]
    /// See `ServerVersion.merged`.
    package let merged: [Float]
  }

  package init(version: Int, owner: Int? = nil, parameters: [Float], lora: LoRA? = nil) {
    self.version = version
    self.owner = owner
    self.parameters = parameters
    self.lora = lora
  }
}
