import Adaptation

/// What a client trains of a LoRA whose server has an aggregation rule of its own.
package struct TrainedPart: Hashable, Codable, Sendable {
  package var size: LoRASize
  package let part: LoRAPart

  package init(size: LoRASize, part: LoRAPart) {
    self.size = size
    self.part = part
  }
}
