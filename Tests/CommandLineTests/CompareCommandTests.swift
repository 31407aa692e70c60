import Foundation
import Testing

/// Runs beside each other, and lists of runs.
struct CompareCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let text = SmallScenario.text.replacing(
      "  - { name: fedfft, kind: full }", with: "  - { name: lc, kind: fedlc }")
    try folder.write(text, to: "small.yaml")
    for (name, more) in [
      ("a", []), ("b", ["--set", "server.rounds=1", "--set", "methods.flora.rank=4"]),
    ] {
      let run = try Flora.run(
        ["run", "small.yaml", "--quiet", "--out", "results/\(name)"] + more, in: folder)
      try #require(run.status == 0, "\(run.errors)")
    }
  }

  @Test func `compare shows summaries, curves and differences`() throws {
    let run = try Flora.run(["compare", "results/a", "results/b", "--html", "c.html"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    for name in ["a: flora", "a: lc", "b: flora", "b: lc"] {
      #expect(run.output.contains(name))
    }
    #expect(run.output.contains("best accuracy") && run.output.contains("accuracy (▁ "))
    func row(_ key: String) -> [String]? {
      lines.first { $0.hasPrefix("\(key) ") }.map {
        $0.split(separator: " ").map(String.init)
      }
    }
    #expect(row("server.rounds") == ["server.rounds", "2", "1"])
    #expect(row("methods.flora.lora.rank") == ["methods.flora.lora.rank", "2", "4"])
    #expect(row("server.cohort") == nil && row("seed") == nil)
    let page = try folder.text("c.html")
    #expect(page.contains("<svg") && page.contains("methods.flora.lora.rank"))
    // Its own page is replaced, another file is not.
    #expect(
      try Flora.run(["compare", "results/a", "results/b", "--html", "c.html"], in: folder).status
        == 0)
    let other = try Flora.run(
      ["compare", "results/a", "results/b", "--html", "small.yaml"], in: folder)
    #expect(other.status == 2 && other.output.isEmpty && other.errors.contains("small.yaml"))
  }

  @Test(arguments: [
    ([], "Missing expected argument"), (["results/a"], "two or more"),
    (["results/a", "results/a"], "named twice"), (["results/a", "nowhere"], "does not exist"),
    (["results/a", "results"], "rounds.csv"),
  ])
  func `folders that cannot be compared are reported with a message`(
    arguments: [String], words: String
  ) throws {
    let run = try Flora.run(["compare"] + arguments, in: folder)
    #expect(run.status == 2 && run.output.isEmpty && run.errors.contains(words), "\(run.errors)")
  }

  @Test func `runs of the same scenario do not differ`() throws {
    let copy = folder.url.appending(path: "copy")
    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: folder.url.appending(path: "results/a"), to: copy.appending(path: "a"))
    let run = try Flora.run(["compare", "results/a", "copy/a"], in: folder)
    #expect(run.status == 0 && run.output.contains("The scenarios do not differ."))
    #expect(run.output.contains("results/a: flora") && run.output.contains("copy/a: flora"))
  }

  @Test func `ls lists runs, sweeps and damaged folders`() throws {
    let sweep = try Flora.run(
      [
        "run", "small.yaml", "--quiet", "--out", "results/study/swept", "--set", "training=none",
        "--set", "sweep={seed: [0, 1]}",
      ], in: folder)
    #expect(sweep.status == 0, "\(sweep.errors)")
    try FileManager.default.removeItem(at: folder.url.appending(path: "results/b/manifest.json"))
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "results/damaged"), withIntermediateDirectories: true)
    try folder.write("method,seed\n", to: "results/damaged/rounds.csv")
    let run = try Flora.run(["ls"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    func line(_ name: String) -> Substring { lines.first { $0.hasPrefix("\(name) ") } ?? "" }
    #expect(lines.count == 1 + 2 + 2 + 1 + 1, "\(run.output)")
    #expect(
      line("a").hasSuffix(" finished") && line("a").contains(" flora ") && line("a").contains("%"))
    #expect(line("b").hasSuffix(" unfinished"))
    #expect(line("damaged").contains("there is no column"))
    #expect(line("study/swept").hasSuffix("sweep of 2 runs over seed"))
    let below = try Flora.run(["ls", "results/study/swept"], in: folder)
    #expect(below.output.split(separator: "\n").count == 1 + 4, "\(below.output)")
    #expect(try Flora.run(["ls", "results/damaged/rounds.csv"], in: folder).status == 2)
    #expect(try Flora.run(["ls", "nowhere"], in: folder).status == 2)
  }
}
