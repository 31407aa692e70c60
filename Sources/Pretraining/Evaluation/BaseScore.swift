/// What a base can do before it is adapted to anything.
public struct BaseScore: Sendable, Equatable {
  /// The share of photographs whose nearest class prompt is their own; nil where none were looked at.
  public var zeroShot: Double?
  /// How well captions find their held-out pictures; nil where there are none.
  public var recall: RetrievalRecall?
}
