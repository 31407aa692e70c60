import Adaptation

/// The layers that a LoRA adapts, and the size of the server's factors.
package struct LoRADimensions: Codable, Sendable, Equatable {
  package let shape: LoRAShape
  package let size: LoRASize

  package init(_ lora: LoRAMethod) { self.init(lora.shape, lora.size) }

  init(_ shape: LoRAShape, _ size: LoRASize) {
    self.shape = shape
    self.size = size
  }

  /// The values of one part in factors of the server's size.
  func numbers(of part: LoRAPart, in factors: [Float]) -> [Float] {
    shape.numbers(of: part, in: factors, rank: size.rank)
  }

  /// Factors of the server's size with one part replaced.
  func factors(_ factors: [Float], replacing part: LoRAPart, by numbers: [Float]) -> [Float] {
    shape.factors(factors, replacing: part, by: numbers, rank: size.rank)
  }
}
