import Adaptation

/// The state of a version that is needed to train or test a client's model.
package struct ClientModel: Codable, Sendable {
  /// The number of the version.
  package let version: Int
  /// The client that the parameters belong to; nil if all clients with the same `part` share them.
  package let owner: Int?
  /// The initial parameters of training.
  package let parameters: [Float]
  /// Nil if the method is trained as a whole.
  package let lora: LoRA?

  /// The constants of a LoRA that is trained in part.
  package struct LoRA: Codable, Sendable {
    package let part: TrainedPart
    /// A and B of every layer, with the part's rank.
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
