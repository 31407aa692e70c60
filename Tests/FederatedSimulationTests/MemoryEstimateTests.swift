import Foundation
import Testing

@testable import FederatedSimulation
@testable import Scenario

/// A run that needs more memory than the machine has is rejected before it starts.
struct MemoryEstimateTests {
  private func estimate(_ overrides: String...) throws -> MemoryEstimate {
    MemoryEstimate(try Experiment(ScenarioText.scenario(ScenarioText.small, overrides)), workers: 2)
  }

  /// The bytes of the part whose description contains the given words; zero if there is none.
  private func bytes(_ words: String, _ overrides: String...) throws -> Double {
    let estimate = MemoryEstimate(
      try Experiment(ScenarioText.scenario(ScenarioText.small, overrides)), workers: 2)
    return estimate.parts.filter { $0.words.contains(words) }.reduce(0) { $0 + $1.bytes }
  }

  @Test func `more samples per device than fit in memory are rejected with the numbers`() throws {
    let partition = "data.partition={ kind: resample, samples: 1000000000 }"
    // 1e9 samples, four lists of eight bytes each, on two workers.
    #expect(try bytes("for clients of up to 1000000000 samples on 2 workers", partition) == 64e9)
    let sentence = try estimate(partition).fault(available: 1e9)?.description ?? ""
    #expect(
      sentence.hasPrefix(
        "insufficient memory: the run needs 64.2 GB (64.0 GB for clients of up to 1000000000 samples on 2 workers, "
      ),
      "\(sentence)")
    #expect(sentence.contains("1.0 GB available"))
    #expect(try estimate(partition).fault(available: 65e9) == nil)
    #expect(
      try estimate("data.partition={ kind: resample, samples: 100000000, sigma: 3 }").fault(
        available: 7e9) != nil)
    #expect(try estimate(partition, "training.local_epochs=9").fault(available: 65e9) != nil)
    #expect(try estimate(partition, "training={ mode: timing }").fault(available: 1) == nil)
  }

  private static let one = "methods=[{ name: fedlc, kind: fedlc }]"
  private static let fft = "methods=[{ name: fedfft, kind: full }]"
  /// The parameter counts of a ten-class classifier on nano's 128 features, and of all of nano.
  private static let (classifier, nano) = (128.0 * 10 + 10, 1_907_072.0)

  @Test func `the memory of workers' steps matches a calculation by hand`() throws {
    // Parameters, gradient, two moments; 16 images' features and scores; four bytes each, on two workers.
    let step = 2 * 4 * (4 * Self.classifier + 16 * 128 + 16 * 10)
    #expect(try bytes("for training", Self.one, "data.test_samples=10") == step)
    // Without moments.
    let sgd = 2 * 4 * (2 * Self.classifier + 16 * 128 + 16 * 10)
    #expect(
      try bytes("for training", Self.one, "data.test_samples=10", "training.optimizer=sgd") == sgd)
    // The features of 256 test images need more.
    #expect(
      try bytes("for training", Self.one, "data.test_samples=300") == 2 * 4 * 256 * 128)
    // A trained tower keeps activations in addition to four copies: more for more images.
    let (few, many) = (
      try bytes("for training", Self.fft, "training.batch_size=8", "data.test_samples=10"),
      try bytes("for training", Self.fft, "training.batch_size=32", "data.test_samples=10")
    )
    let copies = 2 * 4 * 4 * Self.nano
    #expect(few > copies && many - copies > 1.5 * (few - copies), "\(few), \(many)")
    // Each part has a gradient, but shares no working space.
    let parts = try bytes(
      "for training", Self.fft, "training.batch_size=8", "training.batch_parts=4",
      "data.test_samples=10")
    #expect(parts > few + 2 * 4 * 3 * Self.nano, "\(few), \(parts)")
  }

  @Test func `client state and image features are counted by their shapes`()
    throws
  {
    // Three rounds of six can reach all ten devices.
    let persistent = "training.optimizer_state=persistent"
    #expect(try bytes("optimizers' moments", persistent, Self.fft) == 10 * 8 * Self.nano)
    #expect(try bytes("optimizers' moments", Self.fft) == 0)
    let scaffold = ["server.strategy=scaffold", "training.optimizer=sgd"]
    #expect(
      try bytes("control variates", scaffold[0], scaffold[1], Self.fft) == 10 * 4 * Self.nano)
    let versions = try bytes("server's versions", Self.fft)
    #expect(versions == 4 * 4 * Self.nano)
    #expect(
      try bytes("server's versions", scaffold[0], scaffold[1], Self.fft) == 2 * versions)
    #expect(
      try bytes(
        "server's versions", Self.fft,
        "server.strategy={ kind: fedbuff, buffer: 2, concurrency: 5 }")
        == 9 * 4 * Self.nano)
    #expect(try bytes("results of 6 clients", Self.fft) == 6 * 4 * Self.nano)
    #expect(
      try bytes(
        "residuals", Self.fft,
        "server.compression={ kind: top-k, fraction: 0.1, error_feedback: true }")
        == 10 * 4 * Self.nano)
    // Rank 4 on four layers with 128 inputs and outputs: a client keeps only B.
    let fedsa = "methods=[{ name: flora, kind: lora, rank: 4, aggregation: fedsa }]"
    #expect(try bytes("personal models", fedsa) == 10 * 4 * 4 * 4 * 128)
    let personal = "methods=[{ name: flora, kind: lora, rank: 4, personal: [lora_B] }]"
    #expect(try bytes("personal models", personal) == 10 * 4 * 4 * 4 * 128)
    // 500 of 70,000 images are used: 128 numbers, their norm and the image's index; and a row index for all.
    #expect(try bytes("features of 500 images", Self.one) == 500 * (4 * 129 + 8) + 4 * 70_000)
    #expect(try bytes("features of", Self.fft) == 0)
    // One round of two reaches two devices.
    #expect(
      try bytes("optimizers' moments", persistent, Self.fft, "server.rounds=1", "server.cohort=2")
        == 2 * 8 * Self.nano)
  }

  @Test func `a plain run fits`() throws {
    #expect(try estimate().fault(available: 3e8) == nil)
    #expect(MemoryEstimate.available > 1e8)
  }

  @Test func `a rejected run writes nothing`() throws {
    let text = ScenarioText.small.replacing(
      "{ kind: iid }", with: "{ kind: resample, samples: 1000000000 }")
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    var run = ExperimentRun(
      try Experiment(ScenarioText.scenario(text)), workers: 64, SilentObserver())
    #expect(throws: ExperimentError.self) { try run.run(into: folder) }
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }
}
