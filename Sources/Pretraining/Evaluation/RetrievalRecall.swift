/// The share of captions among whose nearest pictures is one that they belong to.
public struct RetrievalRecall: Sendable, Equatable {
  /// Where only the nearest picture counts.
  public let atOne: Double
  /// Where the five nearest count.
  public let atFive: Double
  /// How many pictures there are to find.
  public let pictures: Int

  /// - Parameters:
  ///   - cosines: [captions, pictures], row after row.
  ///   - targets: the caption of each picture; several pictures may share one.
  init(cosines: [Float], captions: Int, targets: [Int]) {
    pictures = targets.count
    precondition(cosines.count == captions * pictures, "a cosine for each pair")
    var (one, five) = (0, 0)
    for caption in 0..<captions {
      let row = cosines[caption * pictures..<(caption + 1) * pictures]
      let own = zip(row, targets).filter { $0.1 == caption }.map(\.0)
      guard let best = own.max() else { continue }
      // Pictures of other captions that are at least as near push it back, and so do cosines that are no numbers.
      let ahead = zip(row, targets).count { $0.1 != caption && !($0.0 < best) }
      if ahead < 1 { one += 1 }
      if ahead < 5 { five += 1 }
    }
    atOne = Double(one) / Double(captions)
    atFive = Double(five) / Double(captions)
  }
}
