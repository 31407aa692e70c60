import Foundation
import Tensors

@testable import Adaptation

/// The methods' layers after the vision tower, by their formulas, for one image in double precision.
struct NaiveAttachment {
  private let parameters: [String: [Double]]

  init(_ method: any AdaptationMethod, _ numbers: [Float]) {
    parameters = Dictionary(
      uniqueKeysWithValues: method.trainable.entries.map { entry in
        (entry.name, numbers[entry.range].map(Double.init))
      })
  }

  /// The feature to compare, before normalization.
  func adapt(_ feature: [Float]) -> [Float] {
    let x = feature.map(Double.init)
    if let hidden = layer("image_gate.fc1", x),
      let scores = layer("image_gate.fc2", hidden.map(tanh))
    {
      let sum = scores.reduce(0) { $0 + exp($1) }
      return zip(scores, x).map { Float(exp($0) / sum * $1) }
    }
    if let hidden = layer("image_adapter.fc1", x) {
      let output = layer("image_adapter.fc2", hidden.map { max($0, 0) })!
      return zip(output, x).map { Float(0.2 * max($0, 0) + 0.8 * $1) }
    }
    return feature
  }

  /// The classifier's scores for the feature; nil without a classifier.
  func scores(_ feature: [Float]) -> [Double]? {
    let x = feature.map(Double.init)
    let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return layer("classifier", x.map { $0 / length })
  }

  /// W x + b; nil if the layer does not exist.
  private func layer(_ name: String, _ x: [Double]) -> [Double]? {
    guard let weight = parameters["\(name).weight"] else { return nil }
    let outputs = weight.count / x.count
    let bias = parameters["\(name).bias"] ?? .init(repeating: 0, count: outputs)
    return (0..<outputs).map { output in
      zip(weight[output * x.count..<(output + 1) * x.count], x)
        .reduce(bias[output]) { $0 + $1.0 * $1.1 }
    }
  }
}
