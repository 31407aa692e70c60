/// Reduces the number of points to what a picture can show.
enum Thinning {
  /// Keeps the first, the last and, for each of the equal segments between them, the minimum and
  /// maximum in order, so that noise keeps its amplitude.
  ///
  /// - Parameter most: at least 4.
  static func thinned<Element>(
    _ elements: [Element], to most: Int, by height: (Element) -> Double
  ) -> [Element] {
    precondition(most >= 4)
    guard elements.count > most else { return elements }
    let stretches = (most - 2) / 2
    let inner = elements.count - 2
    var kept: [Element] = [elements[0]]
    for stretch in 0..<stretches {
      let range = (1 + inner * stretch / stretches)..<(1 + inner * (stretch + 1) / stretches)
      guard let low = range.min(by: { height(elements[$0]) < height(elements[$1]) }),
        let high = range.max(by: { height(elements[$0]) < height(elements[$1]) })
      else { continue }
      kept += Set([low, high]).sorted().map { elements[$0] }
    }
    return kept + [elements[elements.count - 1]]
  }
}
