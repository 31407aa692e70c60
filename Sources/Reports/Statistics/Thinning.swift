/// Takes points away where there are more than a picture shows.
enum Thinning {
  /// The first, the last, and of each of equal stretches between them the lowest and the highest, in their order:
  /// what noise a curve has keeps its height.
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
