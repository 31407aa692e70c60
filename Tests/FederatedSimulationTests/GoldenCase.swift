import Foundation
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario
@testable import Sweeps

/// A run of `Tests/Fixtures/golden/cases.txt`, which `scripts/golden` also reads.
struct GoldenCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// Relative to the repository's root.
  let scenario: String
  /// The arguments of `--set`.
  let overrides: [String]
  /// Whether devices are selected by their previous losses, which other kernels round differently.
  let selectsByLoss: Bool

  static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
  private static let fixtures = root.appending(path: "Tests/Fixtures/golden")
  private static let tables = fixtures.appending(path: "tables")

  /// All cases in list order; empty if the list cannot be read.
  static let all: [GoldenCase] =
    (try? String(contentsOf: fixtures.appending(path: "cases.txt"), encoding: .utf8))
    .map(cases) ?? []

  var testDescription: String { name }

  /// Runs the case and returns its files, by path.
  func run(workers: Int = 2) throws -> [String: Data] {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "flora-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: folder) }
    let sweep = try ScenarioSweep(
      file: Self.root.appending(path: scenario), overrides: overrides)
    if sweep.isSingle {
      var experiment = try Experiment(sweep.points[0].scenario)
      experiment.checksConservation = true
      var run = ExperimentRun(experiment, workers: workers, SilentObserver())
      _ = try run.run(into: folder)
    } else {
      _ = try SweepRun(sweep, workers: workers, SilentObserver()).run(into: folder)
    }
    return try TemporaryRun.files(in: folder)
  }

  /// The committed tables of the case, by path.
  var committed: [String: Data] {
    get throws { try TemporaryRun.files(in: Self.tables.appending(path: name)) }
  }

  /// The kernels that produced the committed tables.
  static var committedKernels: MatrixKernels {
    get throws {
      try MatrixKernels(json: Data(contentsOf: tables.appending(path: "kernels.json")))
    }
  }

  /// Reads `[SCENARIO]`, and below it `NAME: OVERRIDE | OVERRIDE ...`.
  private static func cases(in text: String) -> [GoldenCase] {
    var scenario = ""
    return entries(of: text).compactMap { line in
      if line.hasPrefix("[") {
        scenario = String(line.dropFirst().dropLast())
        return nil
      }
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      let name = line[..<colon].split(separator: "*", omittingEmptySubsequences: false)
      let overrides = line[colon...].dropFirst().split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      return GoldenCase(
        name: name[0].trimmingCharacters(in: .whitespaces), scenario: scenario,
        overrides: overrides.filter { !$0.isEmpty }, selectsByLoss: name.count > 1)
    }
  }

  /// Lines without comments, each joined with its indented continuation lines.
  private static func entries(of text: String) -> [String] {
    var entries: [String] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.trimmingCharacters(in: .whitespaces)
      if line.hasPrefix(" "), !entries.isEmpty {
        entries[entries.count - 1] += " \(words)"
      } else if !words.isEmpty {
        entries.append(words)
      }
    }
    return entries
  }
}

/// The manifest entries that determine the rounding of matrix products.
struct MatrixKernels: Decodable, Equatable {
  let name: String
  let packedProducts: Bool

  private enum CodingKeys: String, CodingKey {
    case name = "matrix_product_kernels"
    case packedProducts = "packed_products"
  }

  init(json: Data) throws { self = try JSONDecoder().decode(Self.self, from: json) }
}
