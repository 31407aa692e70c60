import CLIP

/// The small random CLIPs of all shapes: names of fixtures, and the layers that LoRA adapts in them.
package struct RandomArchitecture: Sendable, CustomStringConvertible {
  package let name: String
  package let text: LoRA
  package let vision: LoRA

  package struct LoRA: Sendable {
    package let module: LinearModule
    package let rank: Int
    package let alpha: Float
  }

  package static let all = [
    RandomArchitecture("odd-widths", text: (.output, 2, 32), vision: (.expansion, 3, 4)),
    RandomArchitecture("deep-text", text: (.contraction, 1, 8), vision: (.value, 5, 2)),
    RandomArchitecture("float16", text: (.query, 4, 6), vision: (.output, 2, 16)),
    RandomArchitecture("bfloat16", text: (.value, 3, 10), vision: (.contraction, 2, 12)),
    RandomArchitecture("sharded", text: (.expansion, 6, 3), vision: (.key, 4, 5)),
  ]

  package var description: String { name }

  private init(_ name: String, text: (LinearModule, Int, Float), vision: (LinearModule, Int, Float))
  {
    self.name = name
    self.text = LoRA(module: text.0, rank: text.1, alpha: text.2)
    self.vision = LoRA(module: vision.0, rank: vision.1, alpha: vision.2)
  }
}
