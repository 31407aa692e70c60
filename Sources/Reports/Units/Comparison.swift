/// A human-readable ratio: `317× less`, `2.08× more`, `as much`.
enum Comparison {
  static func spelled(_ ratio: Double) -> String {
    guard ratio > 0, ratio.isFinite else { return "" }
    if ratio == 1 { return "as much" }
    let factor = ratio < 1 ? 1 / ratio : ratio
    return "\(factor.significant)× \(ratio < 1 ? "less" : "more")"
  }
}
