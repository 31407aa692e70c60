import Foundation
import Testing

@testable import FederatedSimulation
@testable import Scenario

/// What a run needs is told before it starts, where the machine has less.
struct MemoryEstimateTests {
  private func estimate(_ overrides: String...) throws -> MemoryEstimate {
    MemoryEstimate(try Experiment(ScenarioText.scenario(ScenarioText.small, overrides)), workers: 2)
  }

  @Test func `more samples a device than the machine holds are refused with the numbers`() throws {
    let partition = "data.partition={ kind: resample, samples: 1000000000 }"
    // 1e9 samples, four lists of eight bytes each, on two workers; and twice 16 bytes for each number of fedfft.
    let sentence = try estimate(partition).fault(available: 1e9)?.description ?? ""
    #expect(
      sentence.hasPrefix(
        "the run needs 64.1 GB for clients of up to 1000000000 samples on 2 workers"),
      "\(sentence)")
    #expect(sentence.contains("1.0 GB available"))
    #expect(try estimate(partition).fault(available: 65e9) == nil)
    #expect(
      try estimate("data.partition={ kind: resample, samples: 100000000, sigma: 3 }").fault(
        available: 7e9) != nil)
    #expect(try estimate(partition, "training.local_epochs=9").fault(available: 65e9) != nil)
    #expect(try estimate(partition, "training={ mode: timing }").fault(available: 1) == nil)
  }

  @Test func `a plain run fits`() throws {
    #expect(try estimate().fault(available: 1e8) == nil)
    #expect(MemoryEstimate.available > 1e8)
  }

  @Test func `moments that clients keep count`() throws {
    let sentence = try estimate("training.optimizer_state=persistent").fault(available: 1e8)
    #expect(
      sentence?.description.contains("for the optimizers' moments that 10 clients keep") == true)
  }

  @Test func `nothing is written of a run that is refused`() throws {
    let text = ScenarioText.small.replacing(
      "{ kind: iid }", with: "{ kind: resample, samples: 1000000000 }")
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    var run = ExperimentRun(
      try Experiment(ScenarioText.scenario(text)), workers: 64, SilentObserver())
    #expect(throws: ExperimentError.self) { try run.run(into: folder) }
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }
}
