import Adaptation
import Federation

/// One client's model, and the samples of its own that it is tested on.
package struct ClientTest: Codable, Sendable {
  package let model: ClientModel
  /// Those of the client's device.
  package let techniques: TrainingTechniques
  package let samples: [Int]

  package init(model: ClientModel, techniques: TrainingTechniques, samples: [Int]) {
    self.model = model
    self.techniques = techniques
    self.samples = samples
  }
}
