/// The location of a configuration value, for error messages.
public enum ConfigurationLocation: Hashable, Sendable {
  /// The file as a whole, if no single line is responsible.
  case file(String)

  /// A position in a file. Lines and columns start at 1; columns count Unicode scalars.
  case position(file: String, line: Int, column: Int)

  /// A command-line option such as `--set server.rounds=3`.
  case option(String)
}

extension ConfigurationLocation: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let name): name
    case .position(let file, let line, let column): "\(file):\(line):\(column)"
    case .option(let option): option
    }
  }
}
