/// One thing that is wrong in a configuration file, and how to suggestion it.
///
/// It prints as one line:
/// `scenario.yaml:12:9: server.rounds: expected a whole number of at least 1, found "ten"; write for
/// example 20`.
public struct ConfigurationFault: Error, Hashable, Sendable {
  public var location: ConfigurationLocation

  /// The keys that lead to the value, such as `methods[1].rank`; empty where no key is to blame.
  public var keyPath: String

  /// One sentence that says what is wrong and what to do.
  public var message: String

  public init(location: ConfigurationLocation, keyPath: String, message: String) {
    self.location = location
    self.keyPath = keyPath
    self.message = message
  }

  /// The line, from one; nil where the fault is not in a line of a file.
  public var line: Int? {
    if case .position(_, let line, _) = location { line } else { nil }
  }

  /// The column, from one; nil where the fault is not in a line of a file.
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
