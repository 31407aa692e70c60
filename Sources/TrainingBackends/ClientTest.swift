import Adaptation
import Federation

/// A client's model, and the client's own samples to test it on.
package struct ClientTest: Codable, Sendable {
  package let model: ClientModel
  /// The techniques of the client's device.
  package let techniques: TrainingTechniques
  package let samples: [Int]

  package init(model: ClientModel, techniques: TrainingTechniques, samples: [Int]) {
    self.model = model
    self.techniques = techniques
    self.samples = samples
  }
}
