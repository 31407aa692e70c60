/// Suggests corrections for misspelled words.
package enum Spelling {
  /// The candidate closest to `word`, or nil if none is close enough to be a typing error.
  ///
  /// A difference in case, or between `-` and `_`, counts as half an edit.
  package static func suggestion(for word: String, among candidates: some Sequence<String>)
    -> String?
  {
    guard word.count <= 64 else { return nil }
    let allowance = max(1, word.count / 3)
    return candidates.lazy
      .map { (candidate: $0, distance: distance(word, $0)) }
      .filter { $0.distance <= Double(allowance) }
      .min { $0.distance < $1.distance }?
      .candidate
  }

  /// The optimal string alignment distance: the Levenshtein distance in which swapping two adjacent
  /// letters is one edit, and a difference in case is half an edit. O(`a` · `b`).
  static func distance(_ a: String, _ b: String) -> Double {
    let a = Array(a)
    let b = Array(b)
    var beforeLast = [Double]()
    var last = (0...b.count).map(Double.init)
    for i in a.indices {
      var current = [Double(i + 1)]
      for j in b.indices {
        var best = min(last[j + 1] + 1, current[j] + 1, last[j] + cost(a[i], b[j]))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[b.count]
  }

  private static func cost(_ a: Character, _ b: Character) -> Double {
    if a == b { return 0 }
    if a.lowercased() == b.lowercased() || (separators.contains(a) && separators.contains(b)) {
      return 0.5
    }
    return 1
  }

  private static let separators: Set<Character> = ["-", "_", " "]
}
