import Configuration
import Foundation

/// An experiment as described by its file: data, model, methods to compare, fleet and server.
public struct Scenario: Sendable, Encodable {
  /// The name of the results folder.
  public var name: String
  public var seed: UInt64
  /// Whether the run skips training: it simulates the same events, bytes, energy and memory,
  /// without accuracy.
  public var isTimingOnly: Bool
  public var data: DataSettings
  public var model: ModelSettings
  /// The methods to compare, all with the same fleet, data and random draws.
  public var methods: [MethodSettings]
  public var fleet: FleetSettings
  public var server: ServerSettings
  public var evaluation: EvaluationSettings
  public var report: ReportSettings
  /// The folder of the scenario's file, to which relative paths refer.
  public var folder: URL

  /// Whether clients train. `training: none` stands for `{ mode: timing }`.
  private enum TrainingMode: String, CaseIterable {
    /// Clients train.
    case train
    /// Training is simulated: it takes time, energy and memory, but nothing is computed.
    case timing
  }

  /// Reads a scenario file.
  ///
  /// - Parameter overrides: the arguments of `--set`, such as `server.rounds=3`.
  /// - Throws: `ConfigurationError` with every error of the file.
  public init(file: URL, overrides: [String] = []) throws(ConfigurationError) {
    self = try ConfigurationDocument(file: file, overrides: overrides).read {
      Scenario($0, folder: file.absoluteURL.deletingLastPathComponent())
    }
  }

  init(_ root: ConfigurationSection, folder: URL) {
    name = root.string("name", example: "my-experiment")
    if !Self.isFolderName(name) {
      root.fault(
        at: "name",
        "the name becomes a folder, so it can contain only letters, digits, \"-\", \"_\" and \".\", at most \(Self.longestName); write, for example, my-experiment"
      )
    }
    seed = UInt64(root.integer("seed", in: 0...Int.max, default: 0))
    data = DataSettings(root.section("data"))
    model = ModelSettings(root.section("model", isRequired: false))
    let training = root.section("training", unless: "none")
    isTimingOnly =
      training.map { $0.choice("mode", default: TrainingMode.train) == .timing } ?? true
    methods = root.sections("methods").map { MethodSettings($0, training: training) }
    for (index, method) in methods.enumerated()
    where methods[..<index].contains(where: { $0.name == method.name }) {
      root.fault(
        at: "methods",
        "two methods are called \"\(method.name)\"; give them distinct names, for example \"\(method.name)-\(index + 1)\""
      )
    }
    for (index, method) in methods.enumerated() {
      let others = methods[..<index].map(\.name).filter { $0 != method.name }
      guard let other = others.first(where: { $0.lowercased() == method.name.lowercased() }) else {
        continue
      }
      root.fault(
        at: "methods",
        "\"\(other)\" and \"\(method.name)\" differ only in upper and lower case, and would share a folder on some file systems; rename one of them"
      )
    }
    let known = root.faultCount
    fleet = FleetSettings(in: root)
    let hasFleet = root.faultCount == known
    let serverSection = root.section("server")
    server = ServerSettings(serverSection)
    if hasFleet, case .classes(let shares) = server.selection, shares.count != fleet.classes.count {
      let names = fleet.classes.map(\.name).joined(separator: ", ")
      serverSection.fault(
        at: "selection",
        "there must be as many shares as device classes, in their order; the classes are \(names)")
    }
    if hasFleet, let topology = server.topology {
      for fault in topology.faults(in: fleet) {
        serverSection.section("topology").fault(at: fault.key, fault.reason)
      }
    }
    if hasFleet, server.transport.tcp == nil,
      let lossy = fleet.classes.first(where: { $0.loss != nil })
    {
      serverSection.fault(
        at: "transport",
        "\(lossy.name) has packet loss, which only the tcp transport models; write transport: tcp, or remove loss"
      )
    }
    if hasFleet {
      for method in methods {
        for fault in method.faults(in: fleet) {
          root.fault(at: "methods", "\(method.name): \(fault)")
        }
      }
    }
    let evaluationSection = root.section("evaluation", isRequired: false)
    evaluation = EvaluationSettings(evaluationSection)
    report = ReportSettings(root.section("report", isRequired: false))
    self.folder = folder
    for fault in evaluationFaults { evaluationSection.fault(at: fault.key, fault.sentence) }
    for conflict in PlacedRequirements.conflicts(among: requirements) {
      if let key = conflict.serverKey {
        serverSection.fault(at: key, conflict.sentence)
      } else {
        root.fault(at: "methods", conflict.sentence)
      }
    }
  }

  /// Resolves a path of the scenario.
  package func resolve(_ path: String) -> URL {
    path.hasPrefix("/") ? URL(filePath: path) : folder.appending(path: path)
  }

  /// The maximum length of a scenario's or a method's name in bytes: file systems allow 255, and
  /// temporary names are longer.
  static let longestName = 200

  package static func isFolderName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= longestName && !name.hasPrefix(".")
      && name.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0))
      }
  }

  private enum CodingKeys: String, CodingKey {
    case isTimingOnly = "timing_only"
    case name, seed, data, model, methods, fleet, server, evaluation, report
  }
}
