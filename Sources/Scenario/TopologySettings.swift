import Configuration
import EventSimulation
import Fleet
import Foundation
import Storage

/// Edges between the cloud and the devices.
///
/// The server's rounds, strategy and evaluation then apply to the cloud; its cohort, selection,
/// deadline and other settings for devices apply to each edge.
public struct TopologySettings: Sendable, Encodable {
  public var edges: Int
  /// The number of its own versions that an edge creates before it uploads the last one to the
  /// cloud.
  public var roundsPerEdge: Int
  public var assignment: Assignment
  /// The links between an edge and the cloud; nil if their transfers take no time.
  public var backhaul: Backhaul?
  public var edge: Edge

  /// The assignment of devices to edges.
  public enum Assignment: Sendable, Encodable {
    case random
    /// One edge per device class.
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

    /// The files with the assignment, as named in the scenario.
    package var files: [String] {
      if case .file(let path) = self { [path] } else { [] }
    }
  }

  /// The settings that apply to each edge.
  public struct Edge: Sendable, Encodable {
    /// Nil if the edge is synchronous and waits for a cohort.
    public var asynchronous: Asynchronous?
    /// Its links to its devices, shared by their transfers; nil for no limit.
    public var download: BitRate?
    public var upload: BitRate?
    /// The probability of a failure while it works on one version of the cloud.
    public var dropout: Double
    /// The time until it recovers.
    public var restart: SimulationDuration
    public var power: EdgePower?

    /// FedBuff at an edge.
    public struct Asynchronous: Sendable, Encodable {
      /// The number of tasks in flight.
      public var concurrency: Int
      /// The number of updates per version.
      public var buffer: Int
      /// The maximum staleness in the edge's versions, after which an update is discarded; nil for
      /// no limit.
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

  /// The maximum number of devices if all their edges are assigned in advance.
  private static let mostDevices = 10_000_000

  /// The conflicts with a fleet: the key below `topology`, and the reason.
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

  /// The edge of each device.
  ///
  /// - Throws: `TableFault` if the file cannot be read.
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

/// The power consumption of an edge.
public struct EdgePower: Sendable, Hashable, Codable {
  /// While it sends over its backhaul.
  public var sending: Power
  /// While it receives over its backhaul.
  public var receiving: Power
  /// At all other times except during an outage.
  public var idle: Power

  init(_ section: ConfigurationSection) {
    sending = section.quantity("sending", allowingZero: true)
    receiving = section.quantity("receiving", allowingZero: true)
    idle = section.quantity("idle", allowingZero: true)
  }
}
