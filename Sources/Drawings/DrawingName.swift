/// A noun for a drawing in captions.
public struct DrawingName: Sendable, Hashable, ExpressibleByStringLiteral {
  public let text: String
  /// Whether the noun has no article, as in "a photo of trousers".
  public let isPlural: Bool

  public init(_ text: String, isPlural: Bool = false) {
    self.text = text
    self.isPlural = isPlural
  }

  public init(stringLiteral text: String) {
    self.init(text)
  }

  static func plural(_ text: String) -> DrawingName {
    DrawingName(text, isPlural: true)
  }
}
