import Foundation

/// The bundled pretrained bases, each a folder in Hugging Face's layout.
public enum BaseModels {
  /// The names that a scenario's `model.base` accepts.
  public static let names = ["nano"]

  /// The folder of a base, or nil if the name is unknown.
  public static func directory(of name: String) -> URL? {
    guard names.contains(name) else { return nil }
    return Bundle.module.resourceURL?.appending(path: "Models/\(name)", directoryHint: .isDirectory)
  }
}
