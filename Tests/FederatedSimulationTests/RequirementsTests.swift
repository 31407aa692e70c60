import Configuration
import Federation
import Testing

@testable import Scenario

/// Dependencies between parts of a scenario: rejected combinations with their messages, and
/// similar accepted ones.
struct RequirementsTests {
  private static let privacy = "server.privacy={ clip: 1, noise: 1 }"
  private static let withoutReplacement =
    "server.privacy={ clip: 1, noise: 1, sampling: without-replacement }"
  private static let masks = "server.secure_aggregation={ bits: 16 }"

  private func scenario(_ overrides: [String]) throws -> Scenario {
    try ScenarioText.scenario(ScenarioText.small, overrides)
  }

  /// The only error of the small scenario with some changes.
  private func fault(
    _ overrides: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let error = try #require(
      throws: ConfigurationError.self, sourceLocation: sourceLocation
    ) { try scenario(overrides) }
    #expect(error.faults.count == 1, "\(error)", sourceLocation: sourceLocation)
    return "\(error)"
  }

  private static func rule(_ rule: LoRARule) -> String {
    "methods[0].aggregation=\(rule.rawValue)"
  }

  // MARK: Secure aggregation

  @Test(arguments: [
    (["server.strategy=fedasync"], "fedasync makes versions as updates arrive"),
    (["server.strategy={ kind: fedbuff, buffer: 3 }"], "fedbuff makes versions as updates arrive"),
    (["server.late=kept", "server.deadline=10 s"], "write late: discarded"),
    (["server.late=kept", "server.over_selection=1.5"], "write late: discarded"),
    ([privacy], "privacy clips each client's update at the server"),
    ([withoutReplacement], "privacy clips each client's update at the server"),
    (["server.compression=int8"], "masked vectors cannot be compressed"),
    (["server.compression=fp16"], "masked vectors cannot be compressed"),
  ])
  func `secure aggregation provides only a round's sum`(others: [String], part: String) throws {
    #expect(try fault([Self.masks] + others).contains(part))
  }

  @Test(arguments: LoRARule.allCases)
  func `secure aggregation is compatible with rules that need sums`(rule: LoRARule) throws {
    let needsEach: [LoRARule] = [.stacking, .fedex, .flexlora, .hetlora, .loraFAIR]
    let overrides = [Self.masks, Self.rule(rule)]
    if needsEach.contains(rule) {
      let fault = try fault(overrides)
      #expect(fault.contains("methods: flora: \(rule.rawValue)"))
      #expect(fault.contains("only the sum of all updates; remove secure_aggregation"))
    } else {
      _ = try scenario(overrides)
    }
  }

  @Test(arguments: [
    ["server.strategy=fedadam"], ["server.strategy=fedprox"],
    ["server.strategy=scaffold", "training.optimizer=sgd"], ["server.over_selection=1.5"],
    ["server.deadline=10 s"], ["server.deadline=10 s", "server.upload=5 Mbps"],
    ["server.selection=oort"], ["server.compression=none"],
  ])
  func `secure aggregation is compatible with weighted sums of one cohort`(others: [String]) throws
  {
    _ = try scenario([Self.masks] + others)
  }

  // MARK: Privacy

  @Test(
    arguments: [privacy, withoutReplacement],
    [
      (["server.over_selection=1.5"], "but over_selection counts only"),
      (["server.late=kept", "server.deadline=10 s"], "write late: discarded"),
      (
        ["server.selection=available"],
        "selection: available does not sample all devices with equal probability"
      ),
      (["server.selection=samples"], "selection: samples does not"),
      (
        ["server.selection={ kind: device-classes, shares: [0.5, 0.5] }"],
        "selection: device-classes does not"
      ),
      (["server.selection=power-of-choice"], "selection: power-of-choice does not"),
      (["server.selection=oort"], "selection: oort does not"),
      (["server.selection=resources"], "write selection: random"),
      (
        ["server.deadline=10 s", "server.download=10 Mbps"],
        "server.download=10 Mbps: privacy's accountant"
      ),
      (["server.deadline=10 s", "server.upload=10 Mbps"], "which updates meet the deadline"),
      (
        ["server.upload=10 Mbps", "fleet.classes[1].hazard={ upload: 0.1 }"],
        "which transfers the hazard ends"
      ),
      (
        [
          "server.upload=10 Mbps", "fleet.availability={ kind: diurnal }",
          "fleet.interruption=fail",
        ], "which transfers outlast a session"
      ),
      (["server.strategy=scaffold", "training.optimizer=sgd"], "scaffold sends two vectors"),
      (["server.strategy=fedasync"], "fedasync makes versions as updates arrive"),
      (["server.strategy={ kind: fedbuff, buffer: 3 }"], "choose another strategy"),
      (["methods[0].aggregation=rolora"], "remove privacy"),
      (["methods[0].aggregation=stacking"], "stacking computes its own mean"),
      (["methods[0].aggregation=fedex"], "remove privacy"),
      (["methods[0].aggregation=flexlora"], "remove privacy"),
      (["methods[0].aggregation=hetlora"], "remove privacy"),
      (["methods[0].aggregation=dylora"], "remove privacy"),
      (["methods[0].aggregation=lora-fair"], "remove privacy"),
    ])
  func `privacy requires one random sample of independent devices per round`(
    privacy: String, other: (overrides: [String], part: String)
  ) throws {
    let fault = try fault([privacy] + other.overrides)
    #expect(fault.contains(other.part), "\(fault)")
  }

  @Test(
    arguments: [privacy, withoutReplacement],
    [
      [], ["server.over_selection=1"], ["server.selection=random"], ["server.deadline=10 s"],
      ["server.download=10 Mbps", "server.upload=10 Mbps"],
      ["server.upload=10 Mbps", "fleet.classes[1].hazard={ download: 1, training: 1 }"],
      ["server.upload=10 Mbps", "fleet.availability={ kind: diurnal }"],
      ["fleet.availability={ kind: diurnal }", "fleet.interruption=fail"],
      ["fleet.classes[1].hazard={ upload: 1 }", "server.deadline=10 s"],
      ["server.strategy=fedadam"], ["server.compression=int8"], ["server.compression=sign"],
      ["methods[0].aggregation=average"], ["methods[0].aggregation=ffa"],
      ["methods[0].aggregation=fedsa"], ["methods[0].aggregation=fed-sb"],
      ["training.mode=timing"],
    ])
  func `privacy is compatible with settings that do not change samples and updates`(
    privacy: String, others: [String]
  ) throws {
    _ = try scenario([privacy] + others)
  }

  // MARK: Late updates

  @Test(arguments: LoRARule.allCases)
  func `rules that are exact only for the current version reject late updates`(
    rule: LoRARule
  ) throws {
    let overrides = ["server.late=kept", "server.deadline=10 s", Self.rule(rule)]
    if [.stacking, .fedex, .rolora].contains(rule) {
      let fault = try fault(overrides)
      #expect(fault.contains("flora: \(rule.rawValue)") && fault.contains("write late: discarded"))
    } else {
      _ = try scenario(overrides)
    }
    _ = try scenario(["server.deadline=10 s", "server.over_selection=1.5", Self.rule(rule)])
  }

  // MARK: Edges

  private static let topology = "server.topology={ edges: 2, backhaul: free }"
  private static let asynchronousEdges =
    "server.topology={ edges: 2, backhaul: free, edge: { mode: asynchronous, buffer: 2 } }"

  @Test(arguments: LoRARule.allCases)
  func `edges are compatible with rules that accept a mean of LoRAs as a client's`(rule: LoRARule)
    throws
  {
    let overrides = [Self.topology, Self.rule(rule)]
    if [.average, .ffa, .dylora, .fedSB].contains(rule) {
      _ = try scenario(overrides)
      let fault = try fault([Self.asynchronousEdges, Self.rule(rule)])
      #expect(fault.contains("asynchronous edges make versions as updates arrive"))
    } else {
      let fault = try fault(overrides)
      #expect(fault.contains("flora: \(rule.rawValue) aggregates individual client updates"))
      #expect(fault.contains("remove topology"))
    }
  }

  @Test(arguments: [
    ([privacy], "privacy clips each client's update"), ([masks], "cancel only in the sum"),
    (["server.strategy=scaffold", "training.optimizer=sgd"], "control variate with each client's"),
  ])
  func `settings that need individual client updates at the server are incompatible with edges`(
    others: [String], part: String
  ) throws {
    let fault = try fault([Self.topology] + others)
    #expect(fault.contains(part) && fault.contains("only receives the edges' means"), "\(fault)")
  }

  @Test(arguments: [
    ["server.strategy=fedadam"], ["server.strategy=fedasync"],
    ["server.strategy={ kind: fedbuff, buffer: 2 }"], ["server.compression=int8"],
    ["server.selection=oort"], ["server.late=kept", "server.deadline=10 s"],
    ["server.over_selection=1.5"], ["training.mode=timing"],
  ])
  func `edges are compatible with settings that need only weighted sums at each tier`(
    others: [String]
  ) throws {
    _ = try scenario([Self.topology] + others)
  }

  @Test(arguments: [
    (["server.topology={ edges: 2 }"], "backhaul.download"),
    (["server.topology={ backhaul: free }"], "server.topology.edges"),
    (
      ["server.topology={ edges: 3, assignment: class, backhaul: free }"],
      "write edges: 2, one for each of fast, slow"
    ),
    (
      ["server.topology={ edges: 3, assignment: file, backhaul: free }"],
      "server.topology.assignment.path"
    ),
    ([topology, "server.download=8 Mbps"], "write topology.edge.download"),
    ([topology, "server.upload=8 Mbps"], "write topology.edge.upload"),
    (
      [topology, "server.strategy={ kind: fedbuff, buffer: 2, concurrency: 3 }"],
      "with a topology, all edges work at the same time"
    ),
    ([asynchronousEdges, "server.deadline=10 s"], "asynchronous edges have no rounds to wait for"),
    (
      [topology, "fleet.devices=20000000", "training.mode=timing"],
      "there can be at most 10000000 devices"
    ),
    (
      ["server.topology={ edges: 2, backhaul: free, edge: { dropout: 2 } }"],
      "server.topology.edge.dropout"
    ),
    (
      ["server.topology={ edges: 2, backhaul: free, edge: { buffer: 2 } }"],
      "server.topology.edge.buffer"
    ),
  ])
  func `an invalid topology is rejected with a message`(
    overrides: [String], part: String
  ) throws {
    let error = try #require(throws: ConfigurationError.self) { try scenario(overrides) }
    #expect("\(error)".contains(part), "\(error)")
  }

  // MARK: Losses

  @Test(arguments: ["oort", "power-of-choice"])
  func `loss-based selection requires training`(selection: String) throws {
    let selecting = "server.selection=\(selection)"
    let timing = ScenarioText.small.replacing(
      "training: { batch_size: 16, weight_decay: 0 }", with: "training: none")
    for (text, others) in [(timing, []), (ScenarioText.small, ["training.mode=timing"])] {
      let error = try #require(throws: ConfigurationError.self) {
        try ScenarioText.scenario(text, [selecting] + others)
      }
      #expect(error.faults.map(\.keyPath) == ["server.selection"])
      #expect(
        "\(error)".contains(
          "\(selection) selects by the losses of earlier updates, but a timing-only run"))
      #expect("\(error)".contains("write training: { mode: train }"))
    }
    _ = try scenario([selecting])
    for other in ["random", "available", "samples", "resources"] {
      _ = try scenario(["server.selection=\(other)", "training.mode=timing"])
    }
  }

  // MARK: Pairs

  @Test func `every pair of incompatible parts is reported once`() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try scenario([
        Self.privacy, Self.masks, "server.over_selection=1.5", "server.selection=oort",
        Self.rule(.stacking),
      ])
    }
    // Privacy with secure aggregation, over-selection and oort; stacking with noise and secure aggregation.
    #expect(error.faults.count == 5, "\(error)")
  }
}
