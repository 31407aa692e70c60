import Configuration
import DeviceTasks
import Fleet
import Testing

@testable import Adaptation
@testable import FederatedSimulation

/// Mixed precision, stored bases, checkpointing and micro-batches in scenarios.
struct TechniqueRunTests {
  private static let text = ScenarioText.small
    .replacing("  - { name: fedfft, kind: full, learning_rate: 1.0e-4 }\n", with: "")

  private func run(_ overrides: String...) throws -> TemporaryRun { try run(overrides) }

  private func run(_ overrides: [String]) throws -> TemporaryRun {
    try TemporaryRun(ScenarioText.scenario(Self.text, overrides))
  }

  private func accuracies(_ run: TemporaryRun) -> [Double] {
    run.rows("rounds.csv").compactMap { Double($0["test_accuracy"] ?? "") }
  }

  @Test func `checkpointing changes costs but not results`() throws {
    let (plain, again) = (try run(), try run("training.checkpointing=blocks"))
    for column in ["bytes_down", "bytes_up"] {
      #expect(
        plain.rows("rounds.csv").map { $0[column] } == again.rows("rounds.csv").map { $0[column] })
    }
    // Updates arrive and are summed in a different order.
    let losses = [plain, again].map { run in
      run.rows("rounds.csv").map { Double($0["test_loss"]!)! }
    }
    #expect(zip(losses[0], losses[1]).allSatisfy { abs($0 - $1) < 1e-5 })
    let (before, after) = (plain.rows("tasks.csv")[0], again.rows("tasks.csv")[0])
    #expect(Int(after["peak_memory_bytes"]!)! < Int(before["peak_memory_bytes"]!)!)
    #expect(before["techniques"] == "" && after["techniques"] == "checkpointing=blocks")
  }

  @Test func `batch parts affect the last bits of losses, and no cost`() throws {
    let settings = [
      "methods=[{ name: fedvmlc, kind: fedvmlc }, { name: norm, kind: norm }, { name: fedlc, kind: fedlc }]",
      "fleet.adapt=[micro_batch]", "fleet.classes[1].memory=12 MB",
    ]
    let (whole, parts) = (
      try run(settings), try run(settings + ["training.batch_parts=3"])
    )
    for table in ["tasks.csv", "rounds.csv", "participants.csv", "fleet.csv"] {
      let rows = [whole, parts].map { $0.rows(table) }
      #expect(rows[0].count == rows[1].count)
      for (one, other) in zip(rows[0], rows[1]) {
        let trains = one["method"] != "fedlc"
        for (column, value) in one {
          let isMeasured = column.hasSuffix("_loss") || column.hasSuffix("_accuracy")
          guard isMeasured, trains, let number = Double(value) else {
            #expect(other[column] == value, "\(column)")
            continue
          }
          // One of 100 images may be classified differently.
          let tolerance = column.hasSuffix("_loss") ? 1e-3 * number : 0.011
          #expect(abs(Double(other[column]!)! - number) < tolerance, "\(column)")
        }
      }
    }
    let losses = [whole, parts].map { $0.rows("tasks.csv").map { $0["train_loss"] } }
    #expect(losses[0] != losses[1])
  }

  @Test func `rounded products and weights affect training, not only costs`() throws {
    let plain = try run()
    for technique in ["precision=bfloat16", "base_precision=int8", "base_precision=nf4"] {
      let other = try run("training.\(technique)")
      let losses = { (run: TemporaryRun) in run.rows("rounds.csv").map { $0["test_loss"] } }
      #expect(losses(other) != losses(plain), "\(technique)")
      #expect(zip(accuracies(other), accuracies(plain)).allSatisfy { abs($0 - $1) < 0.06 })
    }
  }

  /// The whole base is downloaded once; 8,192 bytes of factors each time.
  @Test func `a stored base takes fewer bytes to download`() throws {
    func bytes(_ form: String) throws -> Int {
      let run = try run(
        "training.base_precision=\(form)", "fleet.base_download=every_round", "server.rounds=1",
        "fleet.classes[0].dropout=0", "fleet.classes[1].dropout=0")
      return Int(run.rows("tasks.csv")[0]["bytes_down"]!)! - 8192
    }
    let model = try Experiment(ScenarioText.scenario(Self.text)).model
    let all = Array(model.parameters.layout.entries.indices)
    for form in ["float32", "bfloat16", "int8", "nf4"] {
      #expect(try bytes(form) == model.bytes(all, in: .init(rawValue: form)!))
    }
  }

  @Test func `a device class trains with its own settings`() throws {
    let run = try run(
      "methods[0].device_classes=[{class: slow, base_precision: nf4, batch_size: 8, micro_batch: 4}]"
    )
    for task in run.rows("tasks.csv") {
      let isSlow = task["device_class"] == "slow"
      #expect(task["techniques"] == (isSlow ? "micro_batch=4 base_precision=nf4" : ""))
      #expect(task["batch_size"] == (isSlow ? "8" : "16"))
    }
  }

  @Test func `a task uses the compute rate of its precision`() throws {
    let rates = "fleet.classes[0].compute={float32: 10 GFLOPS, bfloat16: 40 GFLOPS}"
    func seconds(_ precision: String) throws -> Double {
      let run = try run(
        "training=none", rates, "fleet.classes[0].dropout=0", "methods[0].precision=\(precision)")
      let task = run.rows("tasks.csv").first { $0["device_class"] == "fast" }!
      return Double(task["train_s"]!)!
    }
    #expect(abs(try seconds("float32") / seconds("bfloat16") - 4) < 1e-6)
  }

  /// Fallbacks are applied in list order, and only as far as memory requires.
  @Test func `a device falls back to the first setting that fits`() throws {
    let text = Self.text.replacing(
      "  devices: 10\n", with: "  devices: 10\n  adapt: [base_precision]\n")
    func setup(memory: Int) throws -> TaskNeed {
      let experiment = try Experiment(ScenarioText.scenario(text))
      let costs = TaskCosts(
        experiment, experiment.methods[0].settings, experiment.methods[0].adapted)
      return costs.need(of: 0, inClass: 0, memory: ByteCount(memory))
    }
    let whole = try setup(memory: 1 << 40)
    #expect(whole.setup.techniques == TrainingTechniques())
    let less = try setup(memory: whole.peak.bytes - 1)
    #expect(less.setup.techniques.basePrecision == .bfloat16)
    let least = try setup(memory: less.peak.bytes - 1)
    #expect(least.setup.techniques.basePrecision == .int8)
    #expect(try setup(memory: least.peak.bytes - 1).setup.techniques.basePrecision == .nf4)
    #expect(try setup(memory: 1).peak.bytes > 1)
  }

  @Test func `participants.csv lists the devices' fallbacks`() throws {
    let run = try run(
      "fleet.adapt=[checkpointing, micro_batch]", "fleet.classes[1].memory=12 MB",
      "fleet.execution_plan=reference", "server.rounds=1")
    let slow = run.rows("participants.csv").first { $0["device_class"] == "slow" }!
    let adapted = Int(slow["adapted_devices"]!)!
    #expect(adapted > 0 && slow["excluded_devices"] == "0")
    #expect(slow["fallbacks"]!.contains("checkpointing=blocks:\(adapted)"))
    let task = run.rows("tasks.csv").first { $0["device_class"] == "slow" }!
    #expect(Int(task["peak_memory_bytes"]!)! <= 12_000_000)
    #expect(task["techniques"]!.contains("checkpointing=blocks"))
  }

  @Test(arguments: [
    (
      "methods[0].aggregation=stacking", "training.base_precision=nf4",
      "adds to the base model's weights"
    ),
    ("training.precision=float16", "server.rounds=1", "float32"),
    ("training.micro_batch=0", "server.rounds=1", "from 1"),
    ("training.batch_parts=0", "server.rounds=1", "from 1"),
    ("training.batch_parts=4", "methods[0].batch_size=3", "a batch of 3 samples has no 4 parts"),
    (
      "methods=[{ name: fedlc, kind: fedlc, batch_parts: 2 }]", "server.rounds=1",
      "fedlc trains neither tower"
    ),
    ("fleet.adapt=[micro_batch, micro_batch]", "server.rounds=1", "once"),
    (
      "methods[0].device_classes=[{class: tablet, precision: bfloat16}]", "server.rounds=1",
      "no device class is called"
    ),
    (
      "methods[0].device_classes=[{class: slow}, {class: slow}]", "server.rounds=1", "twice"
    ),
  ])
  func `impossible settings are rejected with a sentence`(
    override: String, other: String, words: String
  ) throws {
    let error = try #require(throws: ConfigurationError.self) {
      try ScenarioText.scenario(Self.text, override, other)
    }
    #expect("\(error)".contains(words), "\(error)")
  }
}
