import Foundation
import Testing

/// Runs that are stopped by signals and resumed.
struct ResumeCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let text = SmallScenario.text
      .replacing("rounds: 2, cohort: 2", with: "rounds: 60, cohort: 3, strategy: fedasync")
    try folder.write(text, to: "small.yaml")
  }

  private func run(_ arguments: String...) throws -> Flora.Run {
    try Flora.run(["run", "small.yaml"] + arguments, in: folder)
  }

  /// A run that has completed some versions.
  private func start(_ name: String, errors: URL? = nil, _ more: [String] = []) throws -> Process {
    let process = try Flora.start(
      ["run", "small.yaml", "--out", name] + more, in: folder, errors: errors)
    let rounds = folder.url.appending(path: "\(name)/rounds.csv")
    while ((try? Data(contentsOf: rounds).split(separator: 10).count) ?? 0) < 4 {
      try #require(process.isRunning)
      usleep(5000)
    }
    return process
  }

  /// A run's files except the manifest.
  private func results(_ name: String) throws -> [String: Data] {
    let directory = folder.url.appending(path: name)
    var files: [String: Data] = [:]
    for case let path as String in FileManager.default.enumerator(atPath: directory.path)! {
      guard path != "manifest.json" else { continue }
      files[path] = try? Data(contentsOf: directory.appending(path: path))
    }
    return files
  }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.url.appending(path: path).path)
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `a signal stops a run at a checkpoint, and resuming gives the same bytes`(
    number: Int32, code: Int32
  ) throws {
    let errors = folder.url.appending(path: "errors.txt")
    let process = try start("out", errors: errors)
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    #expect(process.terminationStatus == code && process.terminationReason == .exit)
    let message = try String(contentsOf: errors, encoding: .utf8)
    #expect(message.hasPrefix("Interrupted at version ") && message.contains("--resume"))
    #expect(message.split(separator: "\n").count == 1)
    #expect(exists("out/checkpoint.flora") && !exists("out/summary.csv") && !exists("out/.lock"))

    let resumed = try run("--out", "out", "--resume")
    #expect(resumed.status == 0 && resumed.errors.contains("resuming from version"))
    #expect(try run("--out", "whole").status == 0)
    #expect(try results("out") == results("whole"))

    let again = try run("--out", "out", "--resume")
    #expect(again.status == 0 && again.output.contains("finished"))
  }

  @Test func `a killed run resumes to the same bytes`() throws {
    let process = try start("out")
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try run("--out", "out", "--resume").status == 0)
    #expect(try run("--out", "whole").status == 0)
    #expect(try results("out") == results("whole"))
  }

  @Test func `an interruption does not wait for long training`() throws {
    let errors = folder.url.appending(path: "errors.txt")
    let process = try Flora.start(
      [
        "run", "small.yaml", "--out", "out", "--set", "training.local_epochs=5000", "--set",
        "training.batch_size=1", "--set", "methods=[{name: fedfft, kind: full}]",
      ], in: folder, errors: errors)
    while !exists("out/rounds.csv") {
      try #require(process.isRunning)
      usleep(5000)
    }
    let rounds = folder.url.appending(path: "out/rounds.csv")
    while try Data(contentsOf: rounds).split(separator: 10).count < 2 {
      try #require(process.isRunning)
      usleep(5000)
    }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(try String(contentsOf: errors, encoding: .utf8).contains("at version 0 of fedfft"))
    #expect(exists("out/checkpoint.flora"))
  }

  @Test func `an interruption before training exits immediately`() throws {
    let errors = folder.url.appending(path: "errors.txt")
    let process = try Flora.start(
      ["run", "small.yaml", "--out", "out", "--set", "data.train_samples=50000"], in: folder,
      errors: errors)
    while !exists("out/rounds.csv") {
      try #require(process.isRunning)
      usleep(5000)
    }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(try String(contentsOf: errors, encoding: .utf8).contains("--resume"))
    #expect(!exists("out/checkpoint.flora"))
  }

  @Test func `a second run in the same folder is rejected`() throws {
    let process = try start("out", ["--set", "server.rounds=100000"])
    let second = try run("--out", "out", "--set", "server.rounds=100000")
    #expect(second.status == 2)
    #expect(second.errors.contains("another run is writing into"))
    #expect(second.errors.split(separator: "\n").count == 1)
    #expect(process.isRunning)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(exists("out/.lock"), "of the killed one")
    #expect(try run("--out", "out", "--set", "server.rounds=1").status == 0)
    #expect(!exists("out/.lock"))
  }

  @Test func `a checkpoint of another scenario is rejected with one sentence and exit code 2`()
    throws
  {
    let process = try start("out")
    process.interrupt()
    process.waitUntilExit()
    let before = try results("out")
    let other = try run("--out", "out", "--resume", "--seed", "9")
    #expect(other.status == 2 && other.errors.contains("belongs to another scenario"))
    #expect(other.errors.split(separator: "\n").count == 1)
    #expect(try results("out") == before)
    try Data("not a checkpoint".utf8).write(to: folder.url.appending(path: "out/checkpoint.flora"))
    let damaged = try run("--out", "out", "--resume")
    #expect(damaged.status == 2 && damaged.errors.contains("checkpoint.flora is damaged"))
  }
}
