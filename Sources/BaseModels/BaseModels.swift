import Foundation

/// The pretrained bases that ship with the package, each a folder in Hugging Face's layout.
public enum BaseModels {
  /// Their names, as a scenario's `model.base` takes them.
  public static let names = ["nano"]

  /// The folder of a base, or nil where none has the name.
  public static func directory(of name: String) -> URL? {
    guard names.contains(name) else { return nil }
    return Bundle.module.resourceURL?.appending(path: "Models/\(name)", directoryHint: .isDirectory)
  }
}
