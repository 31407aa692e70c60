import Configuration
import EventSimulation
import Fleet

/// How the server selects devices, waits for them and makes versions of what they send.
public struct ServerSettings: Sendable, Encodable {
  /// What becomes of an update that comes when its round is over.
  public enum LateUpdates: String, Codable, Sendable, CaseIterable {
    /// It is thrown away.
    case discarded
    /// It counts in the round in which it comes.
    case kept
  }

  /// What ends a round.
  public enum RoundEnd: String, Codable, Sendable, CaseIterable {
    /// The update of the last device of the cohort, or the deadline if that is earlier.
    case cohort
    /// The deadline alone: rounds are equally long.
    case deadline
  }

  public var rounds: Int
  /// Updates that a round waits for.
  public var cohort: Int
  /// Devices that are selected for each update that is waited for.
  public var overSelection: Double
  /// How long a round waits; nil for as long as it takes.
  public var deadline: SimulationDuration?
  public var late: LateUpdates
  public var roundEnd: RoundEnd
  public var strategy: StrategySettings
  public var selection: SelectionSettings
  public var compression: CompressionSettings
  public var privacy: PrivacySettings?
  public var secureAggregation: SecureAggregationSettings?
  /// The server's own links, which its transfers share; nil where they have no limit.
  public var download: BitRate?
  public var upload: BitRate?
  /// Round trips before the first byte of a transfer.
  public var handshakes: Int
  public var transport: TransportSettings
  /// What a message carries beside its payload.
  public var framing: MessageFraming
  /// When the server asks again where no device could start because all lacked the charge.
  public var retryAfter: SimulationDuration
  /// The edges between the server and the devices; nil where devices reach the server itself.
  public var topology: TopologySettings?

  init(_ section: ConfigurationSection) {
    rounds = section.integer("rounds", in: 1...1_000_000_000, example: 20)
    cohort = section.integer("cohort", in: 1...1_000_000_000, example: 10)
    let strategySection = section.section("strategy", naming: "kind", isRequired: false)
    strategy = StrategySettings(strategySection, cohort: cohort)
    overSelection = section.number("over_selection", in: 1...1000, default: 1)
    deadline = section.optionalQuantity("deadline", none: "none")
    late = section.choice("late", default: .discarded)
    roundEnd = section.choice("round_end", default: .cohort)
    selection = SelectionSettings(
      section.section("selection", naming: "kind", isRequired: false), cohort: cohort)
    compression = CompressionSettings(
      section.section("compression", naming: "kind", isRequired: false))
    privacy = section.optionalSection("privacy", none: "none").map { PrivacySettings($0) }
    secureAggregation = section.optionalSection("secure_aggregation", none: "none").map {
      SecureAggregationSettings($0)
    }
    download = section.optionalQuantity("download", in: Self.linkRates, none: "unlimited")
    upload = section.optionalQuantity("upload", in: Self.linkRates, none: "unlimited")
    handshakes = section.integer("handshakes", in: 0...100, default: 1)
    transport = TransportSettings(
      section.section("transport", naming: "kind", isRequired: false))
    framing = section.optionalSection("protocol").map { MessageFraming($0) } ?? .none
    retryAfter = section.has("retry_after") ? section.quantity("retry_after") : .seconds(600)
    topology = section.optionalSection("topology", none: "none").map {
      TopologySettings($0, cohort: cohort)
    }
    refuseContradictions(section)
    if topology != nil, strategySection.has("concurrency") {
      strategySection.fault(
        at: "concurrency",
        "all edges of a topology work at any time; leave the key out, or write topology.edge.concurrency for each edge's tasks"
      )
    }
  }

  /// Whether those that select devices make versions as updates arrive: the edges, or without them the server.
  package var selectsContinuously: Bool {
    topology.map { $0.edge.asynchronous != nil } ?? (strategy.asynchronous != nil)
  }

  /// How many devices are selected for a round: `cohort` times `over_selection`, rounded up.
  ///
  /// Computed on the decimal that was written, of which `overSelection` is the nearest binary number: 100
  /// times 1.1 is 110, while the product of the binary numbers is above that.
  public var selectedPerRound: Int {
    var scale: Int128 = 1
    while overSelection * Double(scale) < 0x1p53 {
      let numerator = (overSelection * Double(scale)).rounded()
      // The shortest decimal that reads back as the same binary number.
      if numerator / Double(scale) == overSelection {
        let (quotient, rest) = (Int128(cohort) * Int128(numerator))
          .quotientAndRemainder(dividingBy: scale)
        return Int(clamping: quotient + (rest > 0 ? 1 : 0))
      }
      scale *= 10
    }
    return Int((Double(cohort) * overSelection).rounded(.up))
  }

  /// The chance of a device to be in a round, which privacy is accounted for by.
  package func samplingRate(population: Int) -> Double {
    min(1, Double(cohort) / Double(population))
  }

  /// Refuses keys that do nothing without another; `Requirements` has what does not go together.
  private func refuseContradictions(_ section: ConfigurationSection) {
    if roundEnd == .deadline, deadline == nil {
      section.fault(
        at: "round_end", "rounds that the deadline ends need one; write deadline: 10 min")
    }
    if late == .kept, !selectsContinuously, deadline == nil, overSelection == 1 {
      section.fault(
        at: "late",
        "late: kept needs rounds that end before all updates have come; add deadline: 10 min or over_selection: 1.3, or remove late"
      )
    }
    if selectsContinuously {
      let name = topology == nil ? "\(strategy.kind.rawValue) has" : "asynchronous edges have"
      for key in ["over_selection", "deadline", "late", "round_end"] where section.has(key) {
        section.fault(at: key, "\(name) no rounds to wait for; remove the key")
      }
    }
    if topology != nil {
      for key in ["download", "upload"] where section.has(key) {
        section.fault(
          at: key,
          "with a topology, devices share their edge's link, and edges have their own backhauls; write topology.edge.\(key)"
        )
      }
    }
  }

  /// What the arithmetic of a shared link is exact for.
  static let linkRates = BitRate(1)...FairShareLink.largestCapacity
}
