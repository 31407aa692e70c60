/// One error in a configuration file, with a suggestion for fixing it.
///
/// It prints as one line:
/// `a.yaml:12:9: server.rounds: expected a number above 0, found "x"; write, for example, 20`.
public struct ConfigurationFault: Error, Hashable, Sendable {
  public var location: ConfigurationLocation

  /// The path of the key, such as `methods[1].rank`; empty if no key is responsible.
  public var keyPath: String

  /// A sentence that states the error and how to fix it.
  public var message: String

  public init(location: ConfigurationLocation, keyPath: String, message: String) {
    self.location = location
    self.keyPath = keyPath
    self.message = message
  }

  /// The 1-based line; nil if the error is not on a line of a file.
  public var line: Int? {
    if case .position(_, let line, _) = location { line } else { nil }
  }

  /// The 1-based column; nil if the error is not on a line of a file.
  public var column: Int? {
    if case .position(_, _, let column) = location { column } else { nil }
  }
}

extension ConfigurationFault: CustomStringConvertible {
  public var description: String {
    isKeyPathSaidByOption || keyPath.isEmpty
      ? "\(location): \(message)" : "\(location): \(keyPath): \(message)"
  }

  private var isKeyPathSaidByOption: Bool {
    if case .option(let option) = location { option.hasPrefix("--set \(keyPath)=") } else { false }
  }
}
