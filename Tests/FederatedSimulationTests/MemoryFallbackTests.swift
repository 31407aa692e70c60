import Adaptation
import Configuration
import DeviceTasks
import Fleet
import Testing

@testable import FederatedSimulation

/// One device with 40 samples and batches of 32 images in the reference plan, if they fit.
struct MemoryFallbackTests {
  private static func text(adapt: String, memory: ByteCount = ByteCount(1 << 40)) -> String {
    """
    name: adapt
    data: { dataset: fashion-mnist, train_samples: 40, test_samples: 10, partition: { kind: iid } }
    methods:
      - { name: flora, kind: lora, batch_size: 32 }
    fleet:
      devices: 1
      adapt: \(adapt)
      classes:
        - { name: phone, share: 1, compute: 5 GFLOPS, memory: \(memory.bytes) B, download: 10 Mbps, upload: 2 Mbps, rtt: 20 ms }
    server: { rounds: 1, cohort: 1 }
    """
  }

  /// The device's task with the memory of `setup` minus `lacking` bytes.
  private func need(
    adapt: String, memoryOf setup: TaskSetup, lacking: Int = 0
  ) throws -> (need: TaskNeed, memory: ByteCount) {
    let experiment = try Experiment(ScenarioText.scenario(Self.text(adapt: adapt)))
    let method = experiment.methods[0]
    let costs = TaskCosts(experiment, method.settings, method.adapted)
    let labels = experiment.labels(experiment.shards[0])
    let memory = ByteCount(
      setup.plan == .cached
        ? costs[setup].peakBytes(labels: labels) - lacking
        : costs[setup].peakBytes(samples: labels.count) - lacking)
    return (costs.need(of: 0, inClass: 0, memory: memory), memory)
  }

  @Test(arguments: [1, 2, 7, 31, 32])
  func `the batch is the largest that fits in memory`(batch: Int) throws {
    let setup = TaskSetup(plan: .reference, batchSize: batch, lora: nil)
    let (need, memory) = try need(adapt: "[batch]", memoryOf: setup)
    #expect(need.setup == setup && need.peak == memory)
    let (less, lesser) = try self.need(adapt: "[batch]", memoryOf: setup, lacking: 1)
    #expect(less.setup.batchSize == max(1, batch - 1))
    #expect((less.peak <= lesser) == (batch > 1), "below the smallest batch it is excluded")
  }

  @Test func `fallbacks are applied in list order`() throws {
    let small = TaskSetup(plan: .reference, batchSize: 8, lora: nil)
    #expect(try need(adapt: "[batch, plan]", memoryOf: small).need.setup == small)
    let full = TaskSetup(plan: .cached, batchSize: 32, lora: nil)
    let (planFirst, memory) = try need(adapt: "[plan, batch]", memoryOf: small)
    #expect(planFirst.setup == full && planFirst.peak <= memory)
    let least = TaskSetup(plan: .reference, batchSize: 1, lora: nil)
    let (cached, _) = try need(adapt: "[batch, plan]", memoryOf: least, lacking: 1)
    #expect(cached.setup.plan == .cached)
  }

  @Test func `without fallbacks a device one byte short of memory is excluded`() throws {
    let asked = TaskSetup(plan: .reference, batchSize: 32, lora: nil)
    let text = Self.text(adapt: "[plan]").replacing("  adapt: [plan]\n", with: "")
    let experiment = try Experiment(ScenarioText.scenario(text))
    let costs = TaskCosts(
      experiment, experiment.methods[0].settings, experiment.methods[0].adapted)
    let peak = costs.need(of: 0, inClass: 0, memory: ByteCount(1 << 40)).peak
    let need = costs.need(of: 0, inClass: 0, memory: ByteCount(peak.bytes - 1))
    #expect(need.setup == asked && need.peak == peak)
  }

  @Test func `the device trains with the smaller batch and is charged for it`() throws {
    let setup = TaskSetup(plan: .reference, batchSize: 6, lora: nil)
    let (_, memory) = try need(adapt: "[batch]", memoryOf: setup)
    let run = try TemporaryRun(ScenarioText.scenario(Self.text(adapt: "[batch]", memory: memory)))
    let task = run.rows("tasks.csv")[0]
    #expect(task["outcome"] == "completed" && task["batch_size"] == "6")
    #expect(task["steps"] == "7", "six whole batches and one of four")
    #expect(task["peak_memory_bytes"] == "\(memory.bytes)")
    let asked = try TemporaryRun(
      ScenarioText.scenario(Self.text(adapt: "[batch]"), "methods[0].batch_size=6"))
    for column in ["flops", "train_loss", "end_s"] {
      #expect(task[column] == asked.rows("tasks.csv")[0][column])
    }
    let adapted = run.rows("participants.csv")[0]
    #expect(adapted["adapted_devices"] == "1" && adapted["excluded_devices"] == "0")
  }

  @Test func `fallbacks that apply only once are listed once`() {
    let error = #expect(throws: ConfigurationError.self) {
      try ScenarioText.scenario(Self.text(adapt: "[batch, batch]"))
    }
    #expect("\(String(describing: error))".contains("fleet.adapt"))
  }

  @Test func `the missing data is that of the excluded devices`() throws {
    let text = ScenarioText.small
      .replacing("kind: iid", with: "kind: pathological, classes_per_client: 2")
      .replacing("memory: 2 GB, download: 10 Mbps", with: "memory: 1 MB, download: 10 Mbps")
    let scenario = try ScenarioText.scenario(text, "server.rounds=1")
    let experiment = try Experiment(scenario)
    let run = try TemporaryRun(scenario)
    let excluded = (0..<10).filter { experiment.fleet.profile(of: $0).className == "slow" }
    let missing = experiment.labels(excluded.flatMap { experiment.shards[$0] })
    let rows = run.rows("missing_data.csv").filter { $0["method"] == "flora" }
    #expect(rows.map { $0["data_class"]! } == experiment.dataset.classNames)
    for (label, row) in rows.enumerated() {
      #expect(row["samples"] == "40")
      #expect(row["missing_samples"] == "\(missing.count { $0 == label })")
    }
    #expect(missing.count > 100)
    let classes = run.rows("participants.csv").filter { $0["method"] == "flora" }
    #expect(classes.map { $0["excluded_devices"]! } == ["0", "5"])
    #expect(run.summaries[0].eligibleShare == 0.5)
  }
}
