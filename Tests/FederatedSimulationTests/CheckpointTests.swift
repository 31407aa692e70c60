import Foundation
import Storage
import Testing

@testable import DeviceTasks
@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// How a run treats the files of an earlier run.
struct CheckpointTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "flora-\(UUID().uuidString)", directoryHint: .isDirectory)
  private var checkpoint: URL { ResultsFolder.checkpoint(in: folder) }

  private static let text = TimelineTests.text
    .replacing("methods:", with: "training: none\nmethods:")

  private final class Warnings: ProgressObserver {
    private(set) var sentences: [String] = []

    func observe(_ progress: RunProgress) {
      if case .warning(let sentence) = progress { sentences.append(sentence) }
    }
  }

  @discardableResult
  private func run(
    _ resumption: Resumption, stoppingAfter count: Int = .max, _ overrides: String...
  ) throws -> [String] {
    let warnings = Warnings()
    var run = try ExperimentRun(
      Experiment(ScenarioText.scenario(Self.text, overrides)), workers: 1,
      stop: CountingStop(after: count), warnings)
    do { _ = try run.run(into: folder, resumption) } catch is RunInterruption {}
    return warnings.sentences
  }

  private func files() throws -> [String: Data] { try TemporaryRun.files(in: folder) }

  /// The error of `--resume`, which must change nothing.
  private func refusal(_ overrides: String...) throws -> String {
    let before = try files()
    let error = #expect(throws: ExperimentError.self) {
      var run = try ExperimentRun(
        Experiment(ScenarioText.scenario(Self.text, overrides)), workers: 1, Warnings())
      _ = try run.run(into: folder, .required)
    }
    #expect(try files() == before)
    return error?.description ?? ""
  }

  @Test func `a checkpoint of another scenario is rejected without changes`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try run(.never, stoppingAfter: 6)
    #expect(try refusal("seed=4").contains("belongs to another scenario"))
    #expect(try run(.required) == ["resuming from version 0 of 2 of flora"])
  }

  @Test(arguments: [
    ("version", "another version of the program"), ("data", "different data files"),
    ("weights", "different weights"), ("kernels", "different matrix-product kernels"),
  ])
  func `a checkpoint with different contents is rejected by name`(
    part: String, words: String
  ) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try run(.never, stoppingAfter: 6)
    try RewrittenCheckpoint(checkpoint, part: part, is: "other")
      .data.write(to: checkpoint)
    #expect(try CheckpointFile(checkpoint).identity[part] == "other")
    #expect(try refusal().contains(words))
  }

  @Test(arguments: [
    ("tokenizer.json", "model files"), ("merges.txt", "model files"),
    ("tokenizer_config.json", "model files"),
    ("processor_config.json", "model files"),
    ("trace.csv", "different files of devices"),
  ])
  func `a run with changed input files is not resumed, without changes`(
    name: String, words: String
  ) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let base = try EditedBase()
    let file = base.url.appending(path: name)
    switch name {
    case "trace.csv":
      try Data("device,start_s,end_s\n0,0,1000000\n1,0,1000000\n".utf8).write(to: file)
    case "tokenizer.json":
      let (vocabulary, merges) = try (
        String(contentsOf: base.url.appending(path: "vocab.json"), encoding: .utf8),
        String(contentsOf: base.url.appending(path: "merges.txt"), encoding: .utf8)
      )
      let lines = merges.split(separator: "\n").dropFirst()
      let list = String(decoding: try JSONEncoder().encode(lines.map(String.init)), as: UTF8.self)
      try Data(
        #"{"model": {"type": "BPE", "end_of_word_suffix": "</w>", "vocab": \#(vocabulary), "merges": \#(list)}}"#
          .utf8
      ).write(to: file)
    case "merges.txt": break
    default: try Data("{}".utf8).write(to: file)
    }
    var overrides = ["model.base=\(base.url.path)"]
    if name == "trace.csv" {
      overrides.append("fleet.availability={ kind: trace, path: \(file.path) }")
    }
    func run(_ resumption: Resumption, stoppingAfter count: Int) throws {
      var run = try ExperimentRun(
        Experiment(ScenarioText.scenario(Self.text, overrides)), workers: 1,
        stop: CountingStop(after: count), SilentObserver())
      _ = try run.run(into: folder, resumption)
    }
    #expect(throws: RunInterruption.self) { try run(.never, stoppingAfter: 6) }
    let before = try files()
    let original = try Data(contentsOf: file)
    switch name {
    case "trace.csv": try (original + Data("0,2000000,2000001\n".utf8)).write(to: file)
    // The last merge.
    case "merges.txt":
      let lines = original.split(separator: 10).dropLast()
      try Data(lines.joined(separator: [10])).write(to: file)
    default: try (original + Data("\n".utf8)).write(to: file)
    }
    let error = #expect(throws: ExperimentError.self) { try run(.required, stoppingAfter: .max) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    #expect(try files() == before)
    // The unchanged run resumes.
    try original.write(to: file)
    try run(.required, stoppingAfter: .max)
    #expect(try files()["summary.csv"] != nil)
  }

  @Test(arguments: [
    ("server.strategy=fedprox", "server.strategy=fedavg"),
    ("server.strategy=fedavg", "server.strategy={kind: fedbuff, buffer: 2}"),
    ("server.strategy=fedasync", "server.strategy=fedavg"),
    ("methods[0].aggregation=hetlora", "methods[0].aggregation=rolora"),
  ])
  func `a checkpoint with another coordinator or algorithm is rejected without changes`(
    written: String, own: String
  ) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try run(.never, stoppingAfter: 6, own)
    let identity = try CheckpointFile(checkpoint).identity
    try run(.never, stoppingAfter: 6, written)
    try RewrittenCheckpoint(checkpoint, identity: identity).data.write(to: checkpoint)
    #expect(try refusal(own).contains("cannot be read by this version of the program"))
  }

  @Test func `a damaged checkpoint is rejected without changes`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try run(.never, stoppingAfter: 6)
    let whole = try Data(contentsOf: checkpoint)
    for length in [0, 8, 100, whole.count / 2, whole.count - 1] {
      try whole.prefix(length).write(to: checkpoint)
      #expect(try refusal().contains("checkpoint.flora is damaged"))
    }
    var changed = whole
    changed[whole.count / 2] ^= 1
    try changed.write(to: checkpoint)
    #expect(try refusal().contains("checkpoint.flora is damaged"))
  }

  @Test func `tables with fewer rows than the checkpoint are rejected`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try run(.never, stoppingAfter: 10)
    let tasks = folder.appending(path: "tasks.csv")
    let whole = try Data(contentsOf: tasks)
    try whole.dropLast().write(to: tasks)
    #expect(try refusal().contains("tasks.csv has lost rows"))
    try FileManager.default.removeItem(at: tasks)
    #expect(try refusal().contains("tasks.csv, which the run had begun, is missing"))
  }

  @Test func `a run without a checkpoint starts from the beginning`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try run(.required) == [])
    #expect(try files()["summary.csv"] != nil && files()["checkpoint.flora"] == nil)
  }

  @Test func `a run killed before its first checkpoint starts from the beginning`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try run(.never, stoppingAfter: 6)
    try FileManager.default.removeItem(at: checkpoint)
    let warnings = try run(.required)
    #expect(warnings.count == 1 && warnings[0].contains("has no checkpoint"))
  }

  @Test func `resuming does not replace a finished run of another scenario`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try run(.never)
    #expect(try refusal("seed=4").contains("finished results of another scenario"))
    let finished = try files()
    // As left by a run that is killed between writing the manifest and exiting.
    for leftover in [".lock", "checkpoint.flora"] {
      try Data().write(to: folder.appending(path: leftover))
    }
    func isFinished(_ overrides: String...) throws -> Bool {
      let experiment = try Experiment(ScenarioText.scenario(Self.text, overrides))
      return try ExperimentRun(experiment, workers: 1, SilentObserver()).isFinished(in: folder)
    }
    #expect(try isFinished())
    #expect(try files() == finished)
    #expect(try !isFinished("seed=4"))
  }

  @Test func `a run without --resume starts from the beginning and says so`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try run(.never, stoppingAfter: 10)
    let warnings = try run(.never, stoppingAfter: 6)
    #expect(warnings.count == 1 && warnings[0].contains("--resume"))
    let record: RunRecord = try CheckpointFile(checkpoint).value()
    #expect(record.resumptions == 0)
  }

  @Test func `two concurrent runs do not share a folder`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let claim = try ResultsFolder.claim(folder)
    defer { withExtendedLifetime(claim) {} }
    let error = #expect(throws: ExperimentError.self) { try run(.never) }
    #expect(error?.description.contains("another run is writing into") == true)
    #expect(try files().keys.sorted() == [".lock"])
  }

  @Test(arguments: ["fedasync", "fedavg"])
  func `if all updates are rejected the summary says so and the next method runs`(
    strategy: String
  ) throws {
    let text = ScenarioText.small
      .replacing(
        "learning_rate: 1.0e-3",
        with: "optimizer: sgd, learning_rate: 1000, weight_decay: 1000, local_epochs: 20"
      )
      .replacing("dropout: 0.1", with: "dropout: 0").replacing("dropout: 0.4", with: "dropout: 0")
    let run = try TemporaryRun(
      ScenarioText.scenario(
        text, "server.rounds=2", "server.strategy=\(strategy)", "data.train_samples=100",
        "fleet.devices=6"))
    let lines = String(decoding: run.files["summary.csv"]!, as: UTF8.self).split(separator: "\n")
      .map(CSVFile.fields)
    let remark = try #require(lines[0].firstIndex(of: "remark"))
    #expect(remark == lines[0].count - 3 && lines.allSatisfy { $0.count == lines[0].count })
    #expect(lines[1][remark].contains("rejected because they contained NaN or infinite values"))
    let rejected = run.rows("tasks.csv").count { $0["outcome"] == "rejected" }
    #expect(rejected == (strategy == "fedasync" ? 100 : 12))
    #expect(lines[2][0] == "fedfft" && lines[2][remark].isEmpty)
    #expect(run.rows("rounds.csv").filter { $0["method"] == "fedfft" }.count == 3)
  }

  @Test func `fields with commas and quotes are parsed from a line`() {
    let fields = ["plain", "", "a, b", "he said \"no\", twice", "\"\""]
    let line = CSVFile.line(fields)
    #expect(CSVFile.fields(of: line.dropLast()) == fields)
  }

  @Test func `removing a run's folder ends the run, and it is not recreated`() throws {
    let parent = folder
    defer { try? FileManager.default.removeItem(at: parent) }
    final class Thief: ProgressObserver {
      let folder: URL
      init(_ folder: URL) { self.folder = folder }
      func observe(_ progress: RunProgress) { try? FileManager.default.removeItem(at: folder) }
    }
    let directory = parent.appending(path: "out", directoryHint: .isDirectory)
    var run = try ExperimentRun(
      Experiment(ScenarioText.scenario(Self.text)), workers: 1, Thief(directory))
    let fault = #expect(throws: ResultsFault.self) { _ = try run.run(into: directory) }
    #expect(fault?.description.contains("was removed or replaced") == true)
    #expect(!FileManager.default.fileExists(atPath: directory.path))
  }

  @Test func `a state is unchanged after saving and loading`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try run(.never, stoppingAfter: 4)
    let first: RunRecord = try CheckpointFile(checkpoint).value()
    #expect(first.method?.simulation.engine.state.tasks.isEmpty == false)
    let parts = try parts(of: first)
    #expect(parts.allSatisfy { $0.count > 2 } && Set(parts).count == parts.count)
    // It resumes, and is stopped before the next event.
    try run(.required, stoppingAfter: 0)
    let second: RunRecord = try CheckpointFile(checkpoint).value()
    #expect(second.resumptions == 1)
    #expect(try self.parts(of: second) == parts)
  }

  /// The saved state of the running method, part by part.
  private func parts(of record: RunRecord) throws -> [Data] {
    let method = try #require(record.method)
    let experiment = try Experiment(ScenarioText.scenario(Self.text))
    let own = SimulationParts(
      experiment, experiment.methods[0].settings, experiment.methods[0].adapted)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var simulation = method.simulation
    try simulation.recognize(own)
    let values: [any Encodable] = [
      simulation.engine, simulation.coordinator, simulation.algorithm, simulation.state,
      simulation.ledger, method.recorder,
    ]
    #expect(simulation.version == 0 && simulation.groups.isEmpty)
    return try values.map { try encoder.encode($0) }
  }
}
