/// All errors of a configuration file, found in one pass.
public struct ConfigurationError: Error, Hashable, Sendable {
  /// The file name as the caller gave it.
  public let file: String

  /// The errors in order: the whole file first, then by line and column, then the command-line
  /// options.
  public let faults: [ConfigurationFault]

  public init(file: String, faults: [ConfigurationFault]) {
    self.file = file
    self.faults = Self.sorted(faults)
  }

  private static func sorted(_ faults: [ConfigurationFault]) -> [ConfigurationFault] {
    faults.enumerated()
      .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
      .map(\.element)
  }
}

extension ConfigurationError: CustomStringConvertible {
  /// One line per error.
  public var description: String {
    faults.map(\.description).joined(separator: "\n")
  }
}

extension ConfigurationFault {
  fileprivate var rank: Rank {
    switch location {
    case .file: Rank(place: 0, line: 0, column: 0)
    case .position(_, let line, let column): Rank(place: 1, line: line, column: column)
    case .option: Rank(place: 2, line: 0, column: 0)
    }
  }

  fileprivate struct Rank: Comparable {
    let place: Int
    let line: Int
    let column: Int

    static func < (lhs: Self, rhs: Self) -> Bool {
      (lhs.place, lhs.line, lhs.column) < (rhs.place, rhs.line, rhs.column)
    }
  }
}
