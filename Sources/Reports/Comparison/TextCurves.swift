import Foundation

/// Accuracy curves as lines of text, all on the same axes.
struct TextCurves {
  private let curves: [(name: String, points: [AccuracyCurve.Point])]
  private let cost: AccuracyCost
  private let range: ClosedRange<Double>
  private let accuracies: ClosedRange<Double>
  private let isLogarithmic: Bool

  private static let columns = 48
  private static let blocks = Array("▁▂▃▄▅▆▇█")

  /// Nil if there is nothing to draw.
  init?(_ methods: [RunResults.Method], _ cost: AccuracyCost) {
    let curves = methods.map { method in
      (name: method.name, points: AccuracyCurve(method, cost, of: methods.count).points)
    }
    let costs = curves.flatMap { $0.points.map(\.cost) }
    let accuracies = curves.flatMap { $0.points.map(\.accuracy) }
    let positive = costs.filter { $0 > 0 }
    guard let least = positive.min(), let most = positive.max(), let low = accuracies.min(),
      let high = accuracies.max()
    else { return nil }
    self.curves = curves
    self.cost = cost
    isLogarithmic = cost == .bytes && Axis.spansDecades(positive)
    range = (isLogarithmic ? least : 0)...most
    self.accuracies = low...high
  }

  /// A title, a line for each curve, and an empty line.
  var lines: [String] {
    let axis =
      "\(cost.quantity.spelled(range.lowerBound)) to \(cost.quantity.spelled(range.upperBound))"
      + (isLogarithmic ? ", logarithmic" : "")
    let height =
      "▁ \(Quantity.share.spelled(accuracies.lowerBound)) to █ \(Quantity.share.spelled(accuracies.upperBound))"
    let width = curves.map(\.name.count).max() ?? 0
    return ["accuracy (\(height)) against \(cost.title) (\(axis))"]
      + curves.map { curve in
        let name = curve.name + String(repeating: " ", count: width - curve.name.count)
        let line = (0..<Self.columns).map { block(curve.points, column: $0) }
        let end = curve.points.last.map { Quantity.share.spelled($0.accuracy) } ?? ""
        return "  \(name)  \(String(line))  \(end)"
      } + [""]
  }

  /// The accuracy of the last version within a column of the axis; a space before the first version
  /// and after the last.
  private func block(_ points: [AccuracyCurve.Point], column: Int) -> Character {
    let (start, end) = (place(column), place(column + 1))
    guard let last = points.last, last.cost >= start || column == 0,
      let point = points.last(where: { $0.cost <= end * (1 + 1e-9) })
    else { return " " }
    let span = accuracies.upperBound - accuracies.lowerBound
    let share = span > 0 ? (point.accuracy - accuracies.lowerBound) / span : 1
    return Self.blocks[Int((share * Double(Self.blocks.count - 1)).rounded())]
  }

  /// The start of a column on the axis.
  private func place(_ column: Int) -> Double {
    let share = Double(column) / Double(Self.columns)
    guard isLogarithmic else {
      return range.lowerBound + share * (range.upperBound - range.lowerBound)
    }
    return range.lowerBound * pow(range.upperBound / range.lowerBound, share)
  }
}
