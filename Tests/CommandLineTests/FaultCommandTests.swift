import Foundation
import Testing

/// Failures around a run, produced for real.
struct FaultCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let text = SmallScenario.text
      .replacing("rounds: 2, cohort: 2", with: "rounds: 60, cohort: 3, strategy: fedasync")
    try folder.write(text, to: "small.yaml")
  }

  private func run(_ arguments: String..., prelude: String? = nil) throws -> Flora.Run {
    try Flora.run(["run", "small.yaml"] + arguments, in: folder, prelude: prelude)
  }

  private func data(_ path: String) throws -> Data {
    try Data(contentsOf: folder.url.appending(path: path))
  }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.url.appending(path: path).path)
  }

  /// A run that has completed some versions.
  private func start(_ name: String, errors: URL) throws -> Process {
    let process = try Flora.start(
      ["run", "small.yaml", "--out", name, "--set", "server.rounds=100000"], in: folder,
      errors: errors)
    let rounds = folder.url.appending(path: "\(name)/rounds.csv")
    while ((try? Data(contentsOf: rounds).split(separator: 10).count) ?? 0) < 4 {
      try #require(process.isRunning)
      usleep(5000)
    }
    return process
  }

  /// A file size limit, which stops the tasks table from growing in the middle of the run.
  @Test func `a run that cannot write ends with complete rows and can be resumed`() throws {
    let more = ["--no-cache", "--set", "methods=[{name: flora, kind: lora}]"]
    let limited = try Flora.run(
      ["run", "small.yaml", "--out", "out"] + more, in: folder,
      prelude: "trap '' XFSZ; ulimit -f 12")
    #expect(limited.status == 1, "\(limited.errors)")
    #expect(limited.errors.contains("cannot be written: File too large"), "\(limited.errors)")
    #expect(!limited.errors.contains("Error Domain"))
    #expect(!exists("out/summary.csv") && !exists("out/manifest.json"))
    for table in ["rounds.csv", "tasks.csv"] {
      let rows = String(decoding: try data("out/\(table)"), as: UTF8.self)
      #expect(rows.last == "\n")
      #expect(Set(rows.split(separator: "\n").map { $0.count { $0 == "," } }).count == 1)
    }
    let resumed = try Flora.run(
      ["run", "small.yaml", "--out", "out", "--resume"] + more, in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    let whole = try Flora.run(["run", "small.yaml", "--out", "whole"] + more, in: folder)
    #expect(whole.status == 0)
    for file in ["rounds.csv", "tasks.csv", "adapters/flora/adapter_model.safetensors"] {
      #expect(try data("out/\(file)") == data("whole/\(file)"))
    }
  }

  @Test func `an unwritable folder gives exit code 2`() throws {
    let run = try run("--out", "/proc/flora")
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("flora: the results cannot be written to /proc/flora: "))
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func `removing a run's folder ends the run, and the folder is not recreated`() throws {
    let errors = folder.url.appending(path: "errors.txt")
    let process = try start("out", errors: errors)
    // In one step, since the run is still writing files to it.
    try FileManager.default.moveItem(
      at: folder.url.appending(path: "out"), to: folder.url.appending(path: "gone"))
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    let message = try String(contentsOf: errors, encoding: .utf8)
    #expect(message.contains("was removed or replaced"), "\(message)")
    #expect(message.split(separator: "\n").count == 1)
    #expect(!exists("out"))
  }

  @Test func `removing the cache does not affect a run`() throws {
    let errors = folder.url.appending(path: "errors.txt")
    let process = try start("out", errors: errors)
    try FileManager.default.removeItem(at: folder.cache)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let resumed = try run(
      "--out", "out", "--resume", "--set", "server.rounds=100000", "--workers", "0")
    #expect(resumed.status == 2, "the arguments are looked at first")
    #expect(exists("out/checkpoint.flora"))
  }

  @Test func `an unreadable data file leaves the checkpoint unchanged`() throws {
    let source = URL(filePath: "/usr/share/datasets/fashion-mnist")
    let copy = folder.url.appending(path: "data")
    try FileManager.default.copyItem(at: source, to: copy)
    let more = ["--set", "data.path=data"]
    let process = try Flora.start(["run", "small.yaml", "--out", "out"] + more, in: folder)
    while !exists("out/checkpoint.flora") {
      try #require(process.isRunning)
      usleep(2000)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let before = try data("out/checkpoint.flora")

    let labels = copy.appending(path: "t10k-labels-idx1-ubyte.gz")
    let content = try Data(contentsOf: labels)
    try FileManager.default.removeItem(at: labels)
    let unreadable = try Flora.run(
      ["run", "small.yaml", "--out", "out", "--resume"] + more, in: folder)
    #expect(unreadable.status == 2 && unreadable.errors.contains(labels.lastPathComponent))
    #expect(try data("out/checkpoint.flora") == before)

    try content.write(to: labels)
    let resumed = try Flora.run(
      ["run", "small.yaml", "--out", "out", "--resume"] + more, in: folder)
    #expect(resumed.status == 0 && resumed.errors.contains("resuming from"), "\(resumed.errors)")
  }
}
