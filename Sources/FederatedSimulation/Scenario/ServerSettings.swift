import Configuration
import Fleet

/// How the server runs the rounds.
public struct ServerSettings: Sendable, Encodable {
  public enum Strategy: String, Codable, Sendable, CaseIterable {
    case fedavg
  }

  /// Which devices the server selects.
  public enum Selection: String, Codable, Sendable, CaseIterable {
    /// Any; those that are away do nothing in the round. All methods have the same cohorts.
    case random
    /// Those that are there when the round starts, asked in the same order for all methods.
    case available
  }

  public var rounds: Int
  /// Devices selected for a round.
  public var cohort: Int
  public var strategy: Strategy
  public var selection: Selection
  /// The server's own links, which its transfers share; nil where they have no limit.
  public var download: BitRate?
  public var upload: BitRate?
  /// Round trips before the first byte of a transfer.
  public var handshakes: Int

  init(_ section: ConfigurationSection) {
    rounds = section.integer("rounds", in: 1...1_000_000_000, example: 20)
    cohort = section.integer("cohort", in: 1...1_000_000_000, example: 10)
    strategy = section.section("strategy", isRequired: false).kind("kind", default: .fedavg)
    selection = section.choice("selection", default: .random)
    download = section.optionalQuantity("download", in: Self.linkRates, none: "unlimited")
    upload = section.optionalQuantity("upload", in: Self.linkRates, none: "unlimited")
    handshakes = section.integer("handshakes", in: 0...100, default: 1)
  }

  /// What the arithmetic of a shared link is exact for.
  private static let linkRates = BitRate(1)...BitRate(100_000_000_000_000)
}
