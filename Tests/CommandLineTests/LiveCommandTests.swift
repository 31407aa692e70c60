import Foundation
import Testing

/// What shows a run while it goes on, and after it.
struct LiveCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let text = SmallScenario.text
      .replacing("rounds: 2, cohort: 2", with: "rounds: 60, cohort: 3, strategy: fedasync")
    try folder.write(text, to: "small.yaml")
  }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.url.appending(path: path).path)
  }

  private func events(_ place: String) throws -> Data {
    try Data(contentsOf: folder.url.appending(path: "\(place)/events.out.tfevents.0.flora"))
  }

  @Test func `a run that goes on has a report that reloads itself, and event files`() throws {
    let process = try Flora.start(
      [
        "run", "small.yaml", "--out", "out", "--live", "--tensorboard", "--set",
        "server.rounds=100000",
      ], in: folder)
    while !exists("out/report.html") || !exists("out/tensorboard/flora") {
      try #require(process.isRunning)
      usleep(5000)
    }
    #expect(try folder.text("out/report.html").contains("http-equiv=\"refresh\""))
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(try !folder.text("out/report.html").contains("http-equiv=\"refresh\""))
    #expect(try events("out/tensorboard/flora").range(of: Data("brain.Event:2".utf8)) != nil)
  }

  @Test func `event files of a run that was killed and resumed are those of a whole one`() throws {
    let process = try Flora.start(
      ["run", "small.yaml", "--out", "out", "--tensorboard"], in: folder)
    while !exists("out/checkpoint.flora") {
      try #require(process.isRunning)
      usleep(2000)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let resumed = try Flora.run(
      ["run", "small.yaml", "--out", "out", "--tensorboard", "--resume"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.output.contains("tensorboard --logdir out"))
    let whole = try Flora.run(["run", "small.yaml", "--out", "whole", "--quiet"], in: folder)
    #expect(whole.status == 0 && !exists("whole/tensorboard"))
    let report = try Flora.run(["report", "whole", "--tensorboard", "--no-plots"], in: folder)
    #expect(report.status == 0, "\(report.errors)")
    for method in ["flora", "fedfft"] {
      let place = "tensorboard/\(method)"
      #expect(try events("out/\(place)") == events("whole/\(place)"))
    }
    // Another run in the folder leaves none of them behind.
    let other = try Flora.run(
      ["run", "small.yaml", "--out", "whole", "--force", "--set", "training=none"], in: folder)
    #expect(other.status == 0 && !exists("whole/tensorboard") && !exists("whole/report.html"))
  }

  @Test func `each run of a sweep has a report and event files`() throws {
    try folder.write(
      SmallScenario.text.replacing("name: small\n", with: "name: small\ntraining: none\n")
        + "\nsweep: { seed: [0, 1] }\n", to: "sweep.yaml")
    let run = try Flora.run(
      ["run", "sweep.yaml", "--out", "out", "--live", "--tensorboard"], in: folder)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(run.output.contains("The report is out/report.html"))
    for number in ["1", "2"] {
      #expect(
        try !folder.text("out/\(number)/report.html").contains("http-equiv=\"refresh\""))
      #expect(exists("out/\(number)/tensorboard/fedfft"))
    }
    #expect(try folder.text("out/report.html").contains("a sweep"))
  }

  @Test func `a file in the place of a folder is reported with the system's reason`() throws {
    try prepareTimingRun()
    try folder.write("mine", to: "out/tensorboard")
    let run = try Flora.run(
      ["run", "small.yaml", "--out", "out", "--tensorboard", "--quiet"], in: folder)
    #expect(run.status == 1 && run.errors.contains(": Not a directory"), "\(run.errors)")
    #expect(!run.errors.contains("Error Domain"), "\(run.errors)")
    #expect(try folder.text("out/tensorboard") == "mine")
  }

  @Test func `a page that flora did not write is not overwritten`() throws {
    try prepareTimingRun()
    try folder.write("<p>mine", to: "out/report.html")
    let run = try Flora.run(
      ["run", "small.yaml", "--out", "out", "--live", "--json-progress"], in: folder)
    #expect(run.status == 0 && run.errors.contains("was not written by flora"), "\(run.errors)")
    let report = try Flora.run(["report", "out"], in: folder)
    #expect(report.status == 2 && report.errors.contains("was not written by flora"))
    #expect(try folder.text("out/report.html") == "<p>mine")
  }

  /// Writes a scenario without training, and creates the folder of its results.
  private func prepareTimingRun() throws {
    try folder.write(
      SmallScenario.text.replacing("name: small\n", with: "name: small\ntraining: none\n"),
      to: "small.yaml")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "out"), withIntermediateDirectories: true)
  }
}
