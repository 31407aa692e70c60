import Configuration

/// The frozen base that all methods start from.
public struct ModelSettings: Sendable, Encodable {
  /// The name of a base that ships with the package, or a folder in Hugging Face's layout.
  public var base: String

  init(_ section: ConfigurationSection) {
    base = section.string("base", default: "nano")
  }
}
