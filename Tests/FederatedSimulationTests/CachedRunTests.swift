import Foundation
import Tensors
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Runs with and without features cached by earlier runs.
struct CachedRunTests {
  private let folder = CacheFolder()

  @Test func `results are the same without a cache, and with an empty or full one`() throws {
    let scenario = try scenario()
    let without = try TemporaryRun(scenario)
    let cold = try TemporaryRun(scenario, cache: folder.cache)
    let warm = try TemporaryRun(scenario, workers: 1, cache: folder.cache)
    #expect(cold.results == without.results)
    #expect(warm.results == without.results)
    #expect(try without.imageFeatures == (500, 0))
    #expect(try cold.imageFeatures == (500, 0))
    #expect(try warm.imageFeatures == (500, 500))
    #expect(try folder.names.count == 1)
    #expect(cold.warnings.isEmpty && warm.warnings.isEmpty)
  }

  @Test func `results are the same with some cached features, and with unused ones`() throws {
    let without = try TemporaryRun(scenario())
    _ = try TemporaryRun(scenario("data.train_samples=150"), cache: folder.cache)
    _ = try TemporaryRun(scenario("seed=9"), cache: folder.cache)
    let partly = try TemporaryRun(scenario(), cache: folder.cache)
    let (samples, fromCache) = try partly.imageFeatures
    #expect(samples == 500 && fromCache >= 100 && fromCache < 500)
    #expect(partly.results == without.results)
    let entry = try #require(try folder.cache.entries().first)
    #expect(entry.contents!.samples > 500)
    #expect(entry.contents?.population == 70_000)
    let again = try TemporaryRun(scenario(), cache: folder.cache)
    #expect(try again.imageFeatures == (500, 500))
    #expect(again.results == without.results)
  }

  @Test func `a damaged file causes a warning, is replaced, and does not affect results`() throws {
    let scenario = try scenario()
    let cold = try TemporaryRun(scenario, cache: folder.cache)
    let file = folder.cache.directory.appending(path: try folder.names[0])
    let whole = try Data(contentsOf: file)
    var flipped = whole
    flipped[whole.count - 1000] ^= 1
    for bytes in [flipped, whole.prefix(whole.count / 2)] {
      try bytes.write(to: file)
      let run = try TemporaryRun(scenario, cache: folder.cache)
      #expect(run.results == cold.results)
      #expect(try run.imageFeatures == (500, 0))
      #expect(run.warnings.count == 1 && run.warnings[0].contains(file.path), "\(run.warnings)")
      #expect(try Data(contentsOf: file) == whole)
    }
  }

  @Test func `an unwritable folder causes one warning without failing the run`() throws {
    try Data().write(to: folder.url)
    let run = try TemporaryRun(scenario(), cache: folder.cache)
    #expect(run.results == (try TemporaryRun(scenario())).results)
    #expect(run.warnings.count == 1 && run.warnings[0].contains(folder.url.path), "\(run.warnings)")
  }

  @Test func `a long run saves features while it computes them`() throws {
    var cache = folder.cache
    cache.interval = .zero
    let observer = KeptSamples(cache)
    BaseLibrary(try Experiment(scenario()), on: WorkerPool(workers: 2), cache, observer).prepare()
    // Each report comes before its own features are saved, and after the previous ones.
    #expect(observer.kept.first == 0)
    #expect(observer.kept.dropFirst().elementsEqual(observer.done.dropLast()))
    #expect(observer.done.count > 3)
  }

  @Test func `a run in which all methods train the vision tower needs no features`() throws {
    let text = ScenarioText.small.replacing(
      "  - { name: flora, kind: lora, learning_rate: 1.0e-3 }\n", with: "")
    let run = try TemporaryRun(
      ScenarioText.scenario(text, "server.rounds=1"), cache: folder.cache)
    #expect(try run.imageFeatures == (-1, -1))
    #expect(!FileManager.default.fileExists(atPath: folder.url.path))
  }

  /// One method with a frozen vision tower, and one round.
  private func scenario(_ overrides: String...) throws -> Scenario {
    let text = ScenarioText.small.replacing(
      "  - { name: fedfft, kind: full, learning_rate: 1.0e-4 }\n", with: "")
    return try ScenarioText.scenario(text, ["server.rounds=1"] + overrides)
  }
}

/// Records the number of cached samples at each progress report.
private final class KeptSamples: ProgressObserver {
  private let cache: FeatureCache
  private(set) var done: [Int] = []
  private(set) var kept: [Int] = []

  init(_ cache: FeatureCache) { self.cache = cache }

  func observe(_ progress: RunProgress) {
    guard case .computingFeatures(let done, _) = progress else { return }
    self.done.append(done)
    kept.append((try? cache.entries().first?.contents?.samples) ?? 0)
  }
}
