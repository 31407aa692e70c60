import Configuration

/// What a run writes beside rounds.csv and summary.csv.
public struct ReportSettings: Sendable, Encodable {
  public enum Tasks: String, Codable, Sendable, CaseIterable {
    case all, none
  }

  /// Whether tasks.csv is written.
  public var tasks: Tasks

  init(_ section: ConfigurationSection) {
    tasks = section.choice("tasks", default: .all)
  }
}
