import Configuration

/// The optional output files of a run in addition to rounds.csv and summary.csv.
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
