import CLIP
import Foundation
import Tensors

/// A LoRA of which one part is trained, with the rest of it and changed base weights as constants.
///
/// y = W' x + b + scale B A x, or + scale B R A x if the trained part is the core R. The layers'
/// weights W' [outputs, inputs] are the base's plus what earlier versions have merged into them.
/// Constants are not parameters of the method: they are not optimised, decayed or sent.
package struct PartialLoRA: AdaptationMethod {
  /// The LoRA that the part belongs to.
  package let lora: LoRAMethod
  package let part: LoRAPart
  package let trainable: ParameterLayout
  private let start: [Float]
  /// All factors; the trained ones are not read from here. Nil if all are trained.
  private let fixed: FixedNumbers?
  /// W' of every adapted layer, concatenated; nil if equal to the base's.
  let changed: FixedNumbers?

  /// - Parameters:
  ///   - factors: A and B of every layer, with the LoRA's rank.
  ///   - start: the initial parameters; defaults to `part` of the factors.
  ///   - merged: what to add to the weight of every adapted layer, [outputs, inputs] concatenated;
  ///     empty for nothing.
  package init(
    _ lora: LoRAMethod, part: LoRAPart, factors: [Float], start: [Float]? = nil, merged: [Float],
    of model: CLIPModel
  ) {
    self.lora = lora
    self.part = part
    self.start = start ?? lora.shape.numbers(of: part, in: factors, rank: lora.rank)
    trainable = Self.layout(lora, part)
    fixed = part == .both ? nil : FixedNumbers(factors)
    changed =
      merged.isEmpty
      ? nil : FixedNumbers(zip(model.numbers(lora.weights), merged).map { $0 + $1 })
  }

  private static func layout(_ lora: LoRAMethod, _ part: LoRAPart) -> ParameterLayout {
    var layout = ParameterLayout()
    for (index, entry) in lora.trainable.entries.enumerated() {
      let isB = index % 2 == 1
      switch part {
      case .both: layout.append(entry.name, entry.shape)
      case .a where !isB, .b where isB: layout.append(entry.name, entry.shape)
      case .core where isB:
        layout.append(
          entry.name.replacing("lora_B.weight", with: "lora_R.weight"), [lora.rank, lora.rank])
      default: break
      }
    }
    return layout
  }

  package var constantCount: Int {
    guard part != .both else { return 0 }
    let shape = lora.shape
    return shape.count(of: .both, rank: lora.rank)
      - (part == .core ? 0 : shape.count(of: part, rank: lora.rank))
  }

  package func initialParameters(of model: CLIPModel, seed: UInt64) -> [Float] { start }

  package func table(
    base: [UnsafePointer<Float>], parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>?
  ) -> ParameterTable {
    var table = ParameterTable(frozen: base)
    let (shape, rank) = (lora.shape, lora.rank)
    var weight = 0
    for (layer, index) in lora.weights.enumerated() {
      if let changed { table.values[index] = changed.base + weight }
      weight += shape.layers[layer].count
      func own(at offset: Int) -> Parameter {
        Parameter(value: parameters + offset, gradient: gradient.map { $0 + offset })
      }
      func factor(_ factor: LoRAPart) -> Parameter {
        let range = shape.range(of: factor, layer, rank: rank)
        if part == .both { return own(at: range.lowerBound) }
        if part == factor {
          return own(at: shape.ownRange(of: factor, layer, rank: rank).lowerBound)
        }
        return Parameter(value: fixed!.base + range.lowerBound)
      }
      table.updates[index] = LowRankUpdates([
        LowRankUpdate(
          a: factor(.a), b: factor(.b),
          core: part == .core
            ? own(at: shape.ownRange(of: .core, layer, rank: rank).lowerBound) : nil,
          rank: rank, scale: shape.scale(lora.size))
      ])
    }
    return table
  }
}
