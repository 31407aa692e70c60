/// A learned merge: wherever `left` is followed by `right`, the two become one token.
public struct BytePairMerge: Sendable, Hashable {
  public let left: String
  public let right: String

  public init(_ left: String, _ right: String) {
    self.left = left
    self.right = right
  }

  /// The token that results from the merge.
  public var result: String { left + right }
}
