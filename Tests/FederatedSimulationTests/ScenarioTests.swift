import Configuration
import Testing

@testable import Results
@testable import Scenario

struct ScenarioTests {
  @Test func `omitted keys have their defaults`() throws {
    let scenario = try ScenarioText.scenario()
    #expect(scenario.model.base == "nano")
    #expect(scenario.data.prompt == "a photo of a {}.")
    #expect(scenario.fleet.executionPlan == .reference)
    #expect(scenario.evaluation.every == 1)
    #expect(scenario.report.tasks == .all)
    #expect(scenario.methods[0].lora?.rank == 2)
    #expect(scenario.methods[0].lora?.alpha == 32)
    #expect(scenario.methods[0].lora?.modules == [.output])
  }

  @Test func `a method's own training keys override the scenario's`() throws {
    let scenario = try ScenarioText.scenario()
    #expect(scenario.methods.map(\.training.optimizer.learningRate) == [1e-3, 1e-4])
    #expect(scenario.methods.map(\.training.batchSize) == [16, 16])
  }

  @Test func `a timing-only scenario has training keys that methods override`() throws {
    let text = ScenarioText.small
      .replacing(
        "training: { batch_size: 16, weight_decay: 0 }",
        with: "training: { mode: timing, batch_size: 32, local_epochs: 3, loss: classification }"
      )
      .replacing("kind: full", with: "kind: full, batch_size: 8, loss: contrastive")
    let scenario = try ScenarioText.scenario(text)
    #expect(scenario.isTimingOnly)
    #expect(scenario.methods.map(\.training.batchSize) == [32, 8])
    #expect(scenario.methods.map(\.training.localEpochs) == [3, 3])
    #expect(scenario.methods.map(\.training.loss) == [.classification, .contrastive])
    #expect(try !ScenarioText.scenario(text, "training.mode=train").isTimingOnly)
    #expect(try !ScenarioText.scenario().isTimingOnly)
  }

  @Test func `without keys, timing equals training: none, and train equals the default`()
    throws
  {
    let keys = "training: { batch_size: 16, weight_decay: 0 }"
    func digest(_ training: String) throws -> String {
      try ScenarioText.scenario(ScenarioText.small.replacing(keys, with: training)).digest
    }
    let none = try digest("training: none")
    #expect(try digest("training: { mode: timing }") == none)
    #expect(try digest("training: { mode: timing, batch_size: 32 }") != none)
    #expect(try digest("training: {}") != none)
    #expect(
      try digest("training: { batch_size: 16, weight_decay: 0, mode: train }") == digest(keys))
  }

  @Test(arguments: [
    ("training.mode=none", "train and timing"), ("methods[0].mode=timing", "methods[0].mode"),
  ])
  func `a mode is one of two words, and equal for all methods`(
    override: String, part: String
  ) throws {
    let error = try #require(throws: ConfigurationError.self) {
      try ScenarioText.scenario(ScenarioText.small, override)
    }
    #expect(error.faults.count == 1 && "\(error)".contains(part), "\(error)")
  }

  @Test func `three faults are reported together, each with its line and the suggestion`() throws {
    let text = ScenarioText.small
      .replacing("upload: 20 Mbps", with: "upload: 20 kg")
      .replacing("rounds: 3", with: "rounds: 0")
      .replacing("cohort: 6", with: "cohrot: 6")
    let error = try #require(throws: ConfigurationError.self) { try ScenarioText.scenario(text) }
    let lines = "\(error)".split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0].hasPrefix("test.yaml:15:") && lines[0].contains("fleet.classes[0].upload"))
    #expect(lines[0].contains("Mbps"))
    #expect(lines.contains { $0.hasPrefix("test.yaml:17:") && $0.contains("server.rounds") })
    #expect(lines.contains { $0.contains("server.cohrot") && $0.contains("cohort") })
    #expect(lines.contains { $0.contains("server.cohort") && $0.contains("missing") })
  }

  @Test(arguments: [
    ("name: small", "name: ../small", "name"),
    ("share: 0.5, compute: 50", "share: 0.7, compute: 50", "add up"),
    ("name: fedfft", "name: flora", "methods"),
    ("partition: { kind: iid }", "prompt: \"a photo\"", "data.prompt"),
    ("memory: 2 GB, download: 100", "memory: -2 GB, download: 100", "memory"),
    ("dropout: 0.1", "dropout: 1.5", "dropout"),
    ("kind: lora", "kind: lora, rank: 0", "rank"),
    ("kind: lora", "kind: lora, scaling: half", "plain and rslora"),
    ("kind: lora", "kind: lora, context: 4", "methods[0].context"),
    ("kind: lora", "kind: fedlc, rank: 2", "methods[0].rank"),
    ("kind: lora", "kind: fedlc, loss: contrastive", "methods[0].loss"),
    ("kind: lora", "kind: fedvmlc, loss: contrastive", "cross-entropy"),
    ("kind: lora", "kind: fedprompt, context: 0", "methods[0].context"),
    ("kind: lora", "kind: fedaa, alpha: 2", "methods[0].alpha"),
    ("kind: lora", "kind: fedca, tower: text", "methods[0].tower"),
    ("kind: lora", "kind: norm, tower: text, norms: [pre]", "no layer normalization before"),
    ("kind: lora", "kind: norm, norms: [middle]", "methods[0].norms"),
    ("kind: lora", "kind: bias, norms: [pre]", "methods[0].norms"),
    ("kind: lora", "kind: vpt, tower: vision", "methods[0].tower"),
    ("kind: lora", "kind: vpt, visual_prompts: 0", "methods[0].visual_prompts"),
    ("kind: lora", "kind: vpt, prompt_depth: half", "shallow and deep"),
    ("kind: lora", "kind: ia3, rank: 2", "methods[0].rank"),
    ("kind: lora", "kind: ia3, start: ../a, tower: text", "has its own tower"),
    ("kind: lora", "kind: dora, aggregation: ffa", "only the plain mean aggregates"),
    (
      "kind: lora", "kind: dora, sizes: [{ class: slow, rank: 1 }]",
      "only the plain mean aggregates"
    ),
    ("compute: 50 GFLOPS", "compute: { uniform: { low: 9 GFLOPS, high: 3 GFLOPS } }", "high"),
    (
      "memory: 2 GB, download: 100", "memory: { quantiles: [3 GB, 2 GB] }, download: 100",
      "quantiles"
    ),
    ("devices: 10", "devices: 10\n  base_download: twice", "fleet.base_download"),
    ("devices: 10", "devices: 10\n  interruption: resume", "fleet.interruption"),
    ("devices: 10", "devices: 10\n  availability: { kind: diurnal, mean: 1 }", "availability.mean"),
    (
      "devices: 10", "devices: 10\n  availability: { kind: sessions, every: 1 h }",
      "availability.length"
    ),
    ("devices: 10", "devices: 10\n  availability: { kind: trace }", "availability.path"),
    ("dropout: 0.1", "hazard: { trainin: 1 }", "hazard.trainin"),
    ("dropout: 0.1", "power: { computing: 4 W }", "power.idle"),
    ("dropout: 0.1", "battery: { capacity: 10 V, reserve: 0.1 }", "battery.capacity"),
    ("dropout: 0.1", "heat: { after: 1 min, speed: 2 }", "heat.speed"),
    ("dropout: 0.1", "memory_bandwidth: 4 GB", "memory_bandwidth"),
    ("dropout: 0.1", "utilisation: 0", "utilisation"),
    ("dropout: 0.1", "jitter: 3 kg", "jitter"),
    ("cohort: 6", "cohort: 6, download: 0 bps", "server.download"),
    ("cohort: 6", "cohort: 6, upload: limited", "server.upload"),
    ("cohort: 6", "cohort: 6, handshakes: -1", "server.handshakes"),
    ("cohort: 6", "cohort: 6, selection: best", "server.selection"),
    ("kind: iid", "kind: resample", "partition.samples"),
    (
      "dropout: 0.1", "battery: { capacity: 50 kJ, reserve: 0.2 }",
      "test.yaml:15:"
    ),
    (
      "dropout: 0.1", "battery: { capacity: 50 kJ, reserve: 0.2 }",
      "fleet.classes[0].battery: fast has a battery but no power"
    ),
    ("cohort: 6", "cohort: 6, late: kept", "server.late: late: kept needs rounds"),
    (
      "cohort: 6", "cohort: 6, selection: { kind: device-classes, shares: [0.2, 0.3, 0.5] }",
      "as many shares as device classes"
    ),
    (
      "cohort: 6", "cohort: 6, selection: { kind: device-classes, shares: [0, 0] }",
      "all shares are 0"
    ),
    ("training: { batch_size: 16, weight_decay: 0 }", "training: nothing", "none"),
  ])
  func `an invalid value names its key`(old: String, new: String, key: String) throws {
    let text = ScenarioText.small.replacing(old, with: new)
    #expect(text != ScenarioText.small)
    let error = try #require(throws: ConfigurationError.self) { try ScenarioText.scenario(text) }
    #expect("\(error)".contains(key), "\(error)")
  }

  /// A class without a round-trip time, as in a local network; a lower bound that not every type allows.
  @Test(arguments: [
    "rtt=0 ms", "rtt={ uniform: { low: 0 ms, high: 0 ms } }",
    "rtt={ quantiles: [0 ms, 0 ms, 5 ms] }",
    "jitter=0 ms", "jitter={ uniform: { low: 0 ms, high: 4 ms } }",
    "memory={ uniform: { low: 0 GB, high: 4 GB } }", "memory={ quantiles: [0 GB, 4 GB] }",
    "heat={ after: 0 s, speed: 0.5 }",
    "power={ computing: 0 W, sending: 0 W, receiving: 0 W, idle: 0 W }",
  ])
  func `zero is valid where it is meaningful`(value: String) throws {
    _ = try ScenarioText.scenario(ScenarioText.small, "fleet.classes[0].\(value)")
  }

  @Test(arguments: [
    ("fleet.classes[0].rtt={ lognormal: { median: 0 ms, sigma: 0.5 } }", "a duration above zero"),
    (
      "fleet.classes[0].jitter={ lognormal: { median: 0 ms, sigma: 0.5 } }", "a duration above zero"
    ),
    ("fleet.classes[0].rtt=-1 ms", "a duration"),
    ("fleet.classes[0].memory=0 GB", "an amount of data above zero"),
    (
      "fleet.classes[0].memory={ uniform: { low: 0 GB, high: 0 GB } }",
      "an amount of data above zero"
    ),
    ("fleet.classes[0].compute=0 GFLOPS", "a compute rate above zero"),
    (
      "fleet.classes[0].compute={ quantiles: [0 GFLOPS, 1 GFLOPS] }",
      "a compute rate above zero"
    ),
    ("fleet.classes[0].upload={ uniform: { low: 0 bps, high: 1 Mbps } }", "a data rate above zero"),
    ("fleet.classes[0].download=0 bps", "a data rate above zero"),
    ("fleet.classes[0].memory_bandwidth=0 GB/s", "a memory bandwidth above zero"),
    ("fleet.availability={ kind: sessions, every: 0 h, length: 1 min }", "a duration above zero"),
    ("fleet.availability={ kind: sessions, every: 1 h, length: 0 min }", "a duration above zero"),
    ("server.deadline=0 s", "a duration above zero"),
  ])
  func `zero is rejected as a divisor or for events that would never happen`(
    override: String, expectation: String
  ) throws {
    let error = try #require(throws: ConfigurationError.self) {
      try ScenarioText.scenario(ScenarioText.small, override)
    }
    #expect(error.faults.count == 1 && "\(error)".contains(expectation), "\(error)")
  }

  @Test(arguments: [
    "server={ rounds: 3, cohort: 6, late: kept, deadline: 10 s }",
    "server={ rounds: 3, cohort: 6, late: kept, over_selection: 1.3 }",
    "server={ rounds: 3, cohort: 6, late: discarded }",
    "server.selection={ kind: device-classes, shares: [0, 1] }",
    "fleet.classes[0].power={ computing: 4 W, sending: 1 W, receiving: 1 W, idle: 0 W }",
  ])
  func `dependent keys are valid on their own if they have an effect`(override: String) throws {
    _ = try ScenarioText.scenario(ScenarioText.small, override)
  }

  @Test func `every kind of method is read, and a classifier has its own loss`() throws {
    let scenario = try ScenarioText.scenario(ScenarioText.allKinds, "training.loss=contrastive")
    #expect(scenario.methods.map(\.kind) == MethodSettings.Kind.allCases)
    for method in scenario.methods {
      let isClassifier = ["fedlc", "fedvmlc"].contains(method.name)
      #expect(method.training.loss == (isClassifier ? .classification : .contrastive))
    }
    let text = ScenarioText.small
      .replacing("kind: lora", with: "kind: lora, scaling: rslora, modules: [q_proj], tower: both")
      .replacing("kind: full", with: "kind: fedprompt, context: 7")
    let methods = try ScenarioText.scenario(text).methods
    #expect(methods[0].lora?.scaling == .rslora)
    #expect(methods[1].context == 7)
  }

  @Test func `a LoRA initialized from an adapter has the adapter's size`() throws {
    let scenario = try ScenarioText.scenario(
      ScenarioText.small.replacing("kind: lora", with: "kind: lora, start: ../adapter"))
    #expect(scenario.methods[0].start == "../adapter")
    #expect(scenario.methods[0].lora == nil)
  }

  @Test(arguments: [
    "tower: text", "modules: [q_proj]", "rank: 2", "alpha: 32", "scaling: rslora",
  ])
  func `an adapter and an explicit size are mutually exclusive`(key: String) throws {
    let text = ScenarioText.small.replacing("kind: lora", with: "kind: lora, start: a, \(key)")
    let error = try #require(throws: ConfigurationError.self) { try ScenarioText.scenario(text) }
    let name = key.prefix { $0 != ":" }
    #expect(error.faults.map(\.keyPath) == ["methods[0].\(name)"])
    #expect("\(error)".contains("start"))
  }

  @Test func `only a LoRA can be initialized from an adapter`() throws {
    let text = ScenarioText.small.replacing("kind: full", with: "kind: full, start: a")
    let error = try #require(throws: ConfigurationError.self) { try ScenarioText.scenario(text) }
    #expect(error.faults.map(\.keyPath) == ["methods[1].start"])
  }

  @Test func `an error causes no follow-up errors`() throws {
    let text = ScenarioText.small
      .replacing("share: 0.5, compute: 50 GFLOPS", with: "share: half, compute: 50 GFLOPS")
      .replacing("compute: 5 GFLOPS", with: "compute: { uniform: { low: 5, high: 6 GFLOPS } }")
    let error = try #require(throws: ConfigurationError.self) { try ScenarioText.scenario(text) }
    #expect(
      error.faults.map(\.keyPath) == [
        "fleet.classes[0].share", "fleet.classes[1].compute.uniform.low",
      ])
  }

  @Test func `distributions are sampled for each device`() throws {
    let text = ScenarioText.small.replacing(
      "compute: 50 GFLOPS", with: "compute: { lognormal: { median: 50 GFLOPS, sigma: 0.5 } }")
    let table = FleetTable(try ScenarioText.scenario(text).openFleet())
    let speeds = Set((0..<table.count).map { table.row($0).split(separator: ",")[2] })
    #expect(speeds.count == 6, "five speeds that were drawn, and the slow class's")
  }
}
