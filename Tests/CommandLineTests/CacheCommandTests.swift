import Foundation
import Testing

/// The feature cache across runs, with real processes that run concurrently, are killed, or have no disk space.
struct CacheCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let text = SmallScenario.text.replacing("  - { name: fedfft, kind: full }\n", with: "")
    try folder.write(text, to: "small.yaml")
  }

  @Test func `cache lists a run's entries, and clear removes them`() throws {
    let empty = try Flora.run(["cache"], in: folder)
    #expect(empty.status == 0 && empty.output.contains("0 entries"))
    #expect(try run("first").errors.isEmpty)
    let list = try Flora.run(["cache"], in: folder)
    let lines = list.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[2].hasPrefix("1 entry, "), "\(list.output)")
    for words in ["fashion-mnist", "nano", "250 of 70000", "kB"] {
      #expect(lines[1].contains(words), "\(list.output)")
    }
    #expect(lines[2].hasSuffix(folder.cache.appending(path: "features").path))
    let key = String(lines[1].prefix { $0 != " " })

    let fault = try Flora.run(["cache", "clear", key, "no-key"], in: folder)
    #expect(fault.status == 2 && fault.errors.contains("no-key"), "\(fault.errors)")
    #expect(try keptFiles().count == 1)
    let clear = try Flora.run(["cache", "clear", key], in: folder)
    #expect(clear.status == 0 && clear.output.contains("Removed 1 entry"), "\(clear.output)")
    #expect(try keptFiles().isEmpty)
  }

  @Test func `a run without the cache writes none and has the same results`() throws {
    let without = try run("without", "--no-cache")
    #expect(!FileManager.default.fileExists(atPath: folder.cache.path))
    let cold = try run("cold")
    let warm = try run("warm")
    #expect(without.tables == cold.tables && without.tables == warm.tables)
    #expect([without, cold, warm].map(\.fromCache) == [0, 0, 250])
  }

  @Test func `two concurrent runs on an empty cache are both correct and leave one complete file`()
    throws
  {
    let without = try run("without", "--no-cache")
    let others = ["--set", "data.train_samples=300"]
    let runs = try [("a", []), ("b", []), ("c", others)].map { name, more in
      try Flora.start(["run", "small.yaml", "--out", name] + more, in: folder)
    }
    for process in runs {
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    #expect(try tables("a") == without.tables)
    #expect(try tables("b") == without.tables)
    #expect(try keptFiles().count == 1)
    #expect(try run("d").fromCache == 250)
    #expect(try run("e", "--set", "data.train_samples=300").fromCache == 350)
  }

  @Test func `a run killed during a write does not affect the next one`() throws {
    // The file size limit is smaller than the features, so the kernel kills the process.
    letChildrenBeKilled(by: SIGXFSZ)
    let killed = try Flora.run(
      ["run", "small.yaml", "--out", "killed"], in: folder, prelude: "ulimit -c 0; ulimit -f 100")
    #expect(killed.status == SIGXFSZ, "\(killed.errors)")
    let leftover = try keptFiles()
    #expect(leftover.count == 1 && leftover[0].hasSuffix(".temporary"), "\(leftover)")
    let next = try run("next")
    #expect(next.errors.isEmpty && next.fromCache == 0)
    #expect(next.tables == (try run("without", "--no-cache").tables))
    #expect(try keptFiles().allSatisfy { $0.hasSuffix(".safetensors") })
    #expect(try run("warm").fromCache == 250)
  }

  @Test func `a full disk causes a warning without failing the run`() throws {
    let full = try run("full", prelude: "trap '' XFSZ; ulimit -f 100")
    #expect(full.errors.contains("File too large"), "\(full.errors)")
    #expect(full.errors.split(separator: "\n").count == 1)
    #expect(full.tables == (try run("without", "--no-cache").tables))
    #expect(try keptFiles().isEmpty)
  }

  @Test func `a truncated file is recomputed and rewritten`() throws {
    let first = try run("first")
    let file = folder.cache.appending(path: "features/\(try keptFiles()[0])")
    let whole = try Data(contentsOf: file)
    try whole.prefix(whole.count - 10_000).write(to: file)
    let second = try run("second")
    #expect(second.tables == first.tables && second.fromCache == 0)
    #expect(second.errors.contains(file.path), "\(second.errors)")
    #expect(second.errors.split(separator: "\n").count == 1)
    #expect(try Data(contentsOf: file) == whole)
  }

  #if !canImport(Accelerate)
    @Test func `the user's kernels are used, reported, and have separate features`() throws {
      let own = try run("own")
      let haswell = try run("haswell", environment: ["OPENBLAS_CORETYPE": "Haswell"])
      #expect(haswell.kernels.hasSuffix(" Haswell"))
      #expect(haswell.fromCache == (own.kernels == haswell.kernels ? 250 : 0))
      #expect(try keptFiles().count == (own.kernels == haswell.kernels ? 1 : 2))
    }
  #endif

  private struct Outcome {
    let errors: String
    let tables: [String: Data]
    let fromCache: Int
    let kernels: String
  }

  /// Runs the small scenario, which must succeed.
  private func run(
    _ name: String, _ more: String..., environment: [String: String] = [:], prelude: String? = nil
  ) throws -> Outcome {
    let run = try Flora.run(
      ["run", "small.yaml", "--out", name] + more, in: folder, environment: environment,
      prelude: prelude)
    try #require(run.status == 0, "\(run.errors)")
    let manifest = try #require(
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: folder.url.appending(path: "\(name)/manifest.json")))
        as? [String: Any])
    let features = try #require(manifest["image_features"] as? [String: Any])
    return Outcome(
      errors: run.errors, tables: try tables(name),
      fromCache: try #require(features["from_cache"] as? Int),
      kernels: try #require(manifest["matrix_product_kernels"] as? String))
  }

  /// A process inherits the blocked signals of the thread that starts it.
  private func letChildrenBeKilled(by number: Int32) {
    signal(number, SIG_DFL)
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// The run's results.
  private func tables(_ name: String) throws -> [String: Data] {
    let files = [
      "rounds.csv", "tasks.csv", "summary.csv", "adapters/flora/adapter_model.safetensors",
    ]
    return try Dictionary(
      uniqueKeysWithValues: files.map {
        ($0, try Data(contentsOf: folder.url.appending(path: "\(name)/\($0)")))
      })
  }

  /// All files in the cache except its lock.
  private func keptFiles() throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: folder.cache.appending(path: "features").path
    ).filter { $0 != ".lock" }
  }
}
