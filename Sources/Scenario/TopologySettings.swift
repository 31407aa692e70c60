import Configuration
import EventSimulation
import Fleet
import Foundation
import Storage

/// Edges between the cloud and the devices.
///
/// The server's rounds, strategy and evaluation are then the cloud's; its cohort, selection, deadline and what else
/// concerns devices hold at each edge.
public struct TopologySettings: Sendable, Encodable {
  public var edges: Int
  /// Versions of its own that an edge makes before it sends the last to the cloud.
  public var roundsPerEdge: Int
  public var assignment: Assignment
  /// The links between an edge and the cloud; nil where their transfers take no time.
  public var backhaul: Backhaul?
  public var edge: Edge

  /// Which edge each device belongs to.
  public enum Assignment: Sendable, Encodable {
    case random
    /// An edge for each device class.
    case byClass
    /// A CSV file with the columns `device` and `edge`.
    case file(path: String)

    private enum Kind: String, CaseIterable {
      case random, file
      case byClass = "class"
    }

    init(_ section: ConfigurationSection) {
      switch section.kind("kind", of: Kind.self, default: .random) {
      case .random: self = .random
      case .byClass: self = .byClass
      case .file: self = .file(path: section.string("path", example: "edges.csv"))
      }
    }

    /// The files that it is read from, as the scenario names them.
    package var files: [String] {
      if case .file(let path) = self { [path] } else { [] }
    }
  }

  /// What holds at each edge.
  public struct Edge: Sendable, Encodable {
    /// Nil where it waits for a cohort as a synchronous server does.
    public var asynchronous: Asynchronous?
    /// Its links to its devices, which their transfers share; nil where they have no limit.
    public var download: BitRate?
    public var upload: BitRate?
    /// The probability that it fails while it works on one version of the cloud's.
    public var dropout: Double
    /// After how long it is back.
    public var restart: SimulationDuration
    public var power: EdgePower?

    /// FedBuff's way at an edge.
    public struct Asynchronous: Sendable, Encodable {
      /// Tasks in flight.
      public var concurrency: Int
      /// Updates that make a version.
      public var buffer: Int
      /// Versions of the edge's after which an update is discarded; nil for none.
      public var mostStale: Int?
    }

    private enum Mode: String, CaseIterable { case synchronous, asynchronous }

    init(_ section: ConfigurationSection, cohort: Int) {
      switch section.kind("mode", of: Mode.self, default: .synchronous) {
      case .synchronous: break
      case .asynchronous:
        asynchronous = Asynchronous(
          concurrency: section.integer("concurrency", in: 1...1_000_000_000, default: cohort),
          buffer: section.integer("buffer", in: 1...1_000_000_000, example: 10),
          mostStale: section.has("most_stale")
            ? section.integer("most_stale", in: 0...1_000_000_000) : nil)
      }
      let rates = ServerSettings.linkRates
      download = section.optionalQuantity("download", in: rates, none: "unlimited")
      upload = section.optionalQuantity("upload", in: rates, none: "unlimited")
      dropout = section.number("dropout", in: 0...1, default: 0)
      restart =
        section.has("restart")
        ? section.quantity("restart", SimulationDuration.self, allowingZero: true) : .seconds(600)
      power = section.optionalSection("power").map { EdgePower($0) }
    }
  }

  init(_ section: ConfigurationSection, cohort: Int) {
    edges = section.integer("edges", in: 1...Self.mostEdges, example: 4)
    roundsPerEdge = section.integer("rounds_per_edge", in: 1...1_000_000, default: 1)
    assignment = Assignment(section.section("assignment", naming: "kind", isRequired: false))
    backhaul = section.section("backhaul", unless: "free").map { Backhaul($0) }
    edge = Edge(section.section("edge", isRequired: false), cohort: cohort)
  }

  private static let mostEdges = 100_000

  /// Devices whose edges are known all at once.
  private static let mostDevices = 10_000_000

  /// What does not go with a fleet: the key below `topology`, and why.
  func faults(in fleet: FleetSettings) -> [(key: String, reason: String)] {
    var faults: [(String, String)] = []
    if (fleet.devices ?? 0) > Self.mostDevices {
      faults.append(
        (
          "edges",
          "with a topology there can be at most \(Self.mostDevices) devices; use fewer devices, or remove topology"
        ))
    }
    if case .byClass = assignment, edges != fleet.classes.count {
      let names = fleet.classes.map(\.name).joined(separator: ", ")
      faults.append(
        (
          "edges",
          "assignment: class gives each device class an edge; write edges: \(fleet.classes.count), one for each of \(names)"
        ))
    }
    return faults
  }

  /// Which edge each device belongs to.
  ///
  /// - Throws: `TableFault` where the file cannot be read.
  package func edgeAssignment(
    devices: Int, seed: UInt64, _ resolve: (String) -> URL
  ) throws(TableFault) -> EdgeAssignment {
    switch assignment {
    case .random: .random(edges: edges, seed: seed)
    case .byClass: .byClass(classes: edges)
    case .file(let path):
      try EdgeAssignment(csv: resolve(path), edges: edges, devices: devices)
    }
  }
}

extension Backhaul {
  init(_ section: ConfigurationSection) {
    self.init(
      download: section.quantity("download"), upload: section.quantity("upload"),
      rtt: section.quantity("rtt", allowingZero: true))
  }
}

/// The power that an edge uses.
public struct EdgePower: Sendable, Hashable, Codable {
  /// While it sends over its backhaul.
  public var sending: Power
  /// While it receives over its backhaul.
  public var receiving: Power
  /// At all other times but when it is down.
  public var idle: Power

  init(_ section: ConfigurationSection) {
    sending = section.quantity("sending", allowingZero: true)
    receiving = section.quantity("receiving", allowingZero: true)
    idle = section.quantity("idle", allowingZero: true)
  }
}
