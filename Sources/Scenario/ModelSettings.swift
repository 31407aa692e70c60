import Configuration

/// The frozen base that all methods start from.
public struct ModelSettings: Sendable, Encodable {
  /// The name of a bundled base, or a folder in Hugging Face's layout.
  public var base: String

  init(_ section: ConfigurationSection) {
    base = section.string("base", default: "nano")
  }
}
