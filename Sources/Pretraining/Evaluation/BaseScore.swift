/// The quality of a base before any adaptation.
public struct BaseScore: Sendable, Equatable {
  /// The zero-shot accuracy on photographs, by the nearest class prompt; nil if not measured.
  public var zeroShot: Double?
  /// The recall of held-out pictures by their captions; nil if there are none.
  public var recall: RetrievalRecall?
}
