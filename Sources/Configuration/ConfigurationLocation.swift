/// Where a configuration value was written, so that a fault can point at it.
public enum ConfigurationLocation: Hashable, Sendable {
  /// The file as a whole, where no line of it is to blame.
  case file(String)

  /// A place in a file. Lines and columns count from one; a column is a Unicode scalar.
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
