import Configuration

/// How the server runs the rounds.
public struct ServerSettings: Sendable, Encodable {
  public enum Strategy: String, Codable, Sendable, CaseIterable {
    case fedavg
  }

  public var rounds: Int
  /// Devices selected for a round.
  public var cohort: Int
  public var strategy: Strategy

  init(_ section: ConfigurationSection) {
    rounds = section.integer("rounds", in: 1...1_000_000_000, example: 20)
    cohort = section.integer("cohort", in: 1...1_000_000_000, example: 10)
    strategy = section.section("strategy", isRequired: false).kind("kind", default: .fedavg)
  }
}
