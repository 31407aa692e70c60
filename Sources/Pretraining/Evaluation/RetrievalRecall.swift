/// The share of captions that have one of their own pictures among the nearest.
public struct RetrievalRecall: Sendable, Equatable {
  /// Recall at 1.
  public let atOne: Double
  /// Recall at 5.
  public let atFive: Double
  /// The number of pictures to retrieve.
  public let pictures: Int

  /// - Parameters:
  ///   - cosines: [captions, pictures], row-major.
  ///   - targets: the caption of each picture; several pictures may share one.
  init(cosines: [Float], captions: Int, targets: [Int]) {
    pictures = targets.count
    precondition(cosines.count == captions * pictures, "a cosine for each pair")
    var (one, five) = (0, 0)
    for caption in 0..<captions {
      let row = cosines[caption * pictures..<(caption + 1) * pictures]
      let own = zip(row, targets).filter { $0.1 == caption }.map(\.0)
      guard let best = own.max() else { continue }
      // Pictures of other captions that are at least as near rank ahead of it, and so do NaN
      // cosines.
      let ahead = zip(row, targets).count { $0.1 != caption && !($0.0 < best) }
      if ahead < 1 { one += 1 }
      if ahead < 5 { five += 1 }
    }
    atOne = Double(one) / Double(captions)
    atFive = Double(five) / Double(captions)
  }
}
