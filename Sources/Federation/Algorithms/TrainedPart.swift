import Adaptation

/// The part of a LoRA that a client trains under a LoRA aggregation rule.
package struct TrainedPart: Hashable, Codable, Sendable {
  package var size: LoRASize
  package let part: LoRAPart

  package init(size: LoRASize, part: LoRAPart) {
    self.size = size
    self.part = part
  }
}
