import Configuration
import EventSimulation
import Fleet

/// How the server selects devices, waits for them and aggregates their updates.
public struct ServerSettings: Sendable, Encodable {
  /// What happens to an update that arrives after its round has ended.
  public enum LateUpdates: String, Codable, Sendable, CaseIterable {
    /// It is discarded.
    case discarded
    /// It counts toward the round in which it arrives.
    case kept
  }

  /// What ends a round.
  public enum RoundEnd: String, Codable, Sendable, CaseIterable {
    /// The last update of the cohort, or the deadline if that is earlier.
    case cohort
    /// The deadline only, so all rounds have the same length.
    case deadline
  }

  public var rounds: Int
  /// The number of updates that a round waits for.
  public var cohort: Int
  /// The number of devices selected per update that the round waits for.
  public var overSelection: Double
  /// The round's timeout; nil for none.
  public var deadline: SimulationDuration?
  public var late: LateUpdates
  public var roundEnd: RoundEnd
  public var strategy: StrategySettings
  public var selection: SelectionSettings
  public var compression: CompressionSettings
  public var privacy: PrivacySettings?
  public var secureAggregation: SecureAggregationSettings?
  /// The server's download and upload links, shared by its transfers; nil for no limit.
  public var download: BitRate?
  public var upload: BitRate?
  /// Round trips before the first byte of a transfer.
  public var handshakes: Int
  public var transport: TransportSettings
  /// The framing overhead of a message.
  public var framing: MessageFraming
  /// The delay before the server retries if no device could start because of insufficient charge.
  public var retryAfter: SimulationDuration
  /// The edges between the server and the devices; nil if devices connect to the server directly.
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
        "with a topology, all edges work at the same time; remove the key, or write topology.edge.concurrency for each edge's tasks"
      )
    }
  }

  /// Whether asynchronous aggregation is used where devices are selected: at the edges, or without
  /// them at the server.
  package var selectsContinuously: Bool {
    topology.map { $0.edge.asynchronous != nil } ?? (strategy.asynchronous != nil)
  }

  /// The number of devices selected per round: `cohort` times `over_selection`, rounded up.
  ///
  /// Computed from the decimal number in the file rather than its nearest binary number: 100 times
  /// 1.1 is 110, while the binary product is above that.
  public var selectedPerRound: Int {
    var scale: Int128 = 1
    while overSelection * Double(scale) < 0x1p53 {
      let numerator = (overSelection * Double(scale)).rounded()
      // The shortest decimal that converts to the same binary number.
      if numerator / Double(scale) == overSelection {
        let (quotient, rest) = (Int128(cohort) * Int128(numerator))
          .quotientAndRemainder(dividingBy: scale)
        return Int(clamping: quotient + (rest > 0 ? 1 : 0))
      }
      scale *= 10
    }
    return Int((Double(cohort) * overSelection).rounded(.up))
  }

  /// The probability that a device is in a round, as used by the privacy accountant.
  package func samplingRate(population: Int) -> Double {
    min(1, Double(cohort) / Double(population))
  }

  /// Rejects keys that have no effect without another key. `Requirements` covers conflicts.
  private func refuseContradictions(_ section: ConfigurationSection) {
    if roundEnd == .deadline, deadline == nil {
      section.fault(
        at: "round_end", "round_end: deadline needs a deadline; write deadline: 10 min")
    }
    if late == .kept, !selectsContinuously, deadline == nil, overSelection == 1 {
      section.fault(
        at: "late",
        "late: kept needs rounds that end before all updates have arrived; add deadline: 10 min or over_selection: 1.3, or remove late"
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

  /// The rates for which the shared link's arithmetic is exact.
  static let linkRates = BitRate(1)...FairShareLink.largestCapacity
}
