import Configuration
import Fleet
import Foundation
import Testing

@testable import FederatedSimulation
@testable import Scenario

struct FleetProfileTests {
  @Test(arguments: FleetProfile.allCases)
  func `a profile's classes give a valid fleet`(profile: FleetProfile) throws {
    let classes = try profile.classes()
    #expect(Fleet.faults(count: profile.devices, classes: classes).isEmpty)
    let fleet = try Fleet(count: 200, classes: classes, seed: 1)
    for id in 0..<200 { #expect(fleet.profile(of: id).power != nil) }
  }

  @Test(arguments: FleetProfile.allCases)
  func `every figure of a profile has a source or is marked as an assumption`(
    profile: FleetProfile
  ) throws {
    let lines = try String(contentsOf: profile.file, encoding: .utf8).split(separator: "\n")
    let figures = lines.filter { line in
      let text = line.prefix { $0 != "#" }
      return text.contains { $0.isNumber } && !text.contains("share: 1 ")
    }
    #expect(figures.count >= 6)
    for line in figures {
      let comment = line.drop { $0 != "#" }
      #expect(
        ["assum", "Ookla", "Bonawitz", "AI-Benchmark", "FedScale", "arXiv", "as the"].contains {
          comment.contains($0)
        } || line.hasSuffix("share: 1"), "\(line)")
    }
  }

  @Test func `a fleet is a profile's name, optionally with the scenario's own keys`() throws {
    let start = ScenarioText.small.range(of: "fleet:")!.lowerBound
    let end = ScenarioText.small.range(of: "server:")!.lowerBound
    func fleet(_ text: String) throws -> FleetSettings {
      try ScenarioText.scenario(ScenarioText.small.replacingCharacters(in: start..<end, with: text))
        .fleet
    }
    let named = try fleet("fleet: phones-2025\n")
    #expect(named.profile == .phones2025 && named.devices == 1000 && named.classes.count == 3)
    let changed = try fleet("fleet: { profile: cross-silo, devices: 3, execution_plan: cached }\n")
    #expect(changed.devices == 3 && changed.executionPlan == .cached)
    #expect(changed.classes.map(\.name) == ["silo"])
    for (text, part) in [
      ("fleet: phones-2024\n", "phones-2025"),
      ("fleet: { profile: cross-silo, classes: [{ name: a }] }\n", "fleet.classes"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try fleet(text) }
      #expect("\(String(describing: error))".contains(part))
    }
  }

  @Test func `the planner's scenario is valid, and its table lists eligible devices`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../scenarios/phones.yaml").standardized
    let scenario = try Scenario(
      file: file,
      overrides: ["server.rounds=2", "fleet.devices=200", "server.cohort=20"])
    let run = try TemporaryRun(scenario)
    let (flora, fedfft) = (run.summaries[0], run.summaries[1])
    #expect(flora.trainableParameters == 24_576)
    #expect(fedfft.payload.bytes == 605_109_248)
    #expect(flora.eligibleShare > fedfft.eligibleShare)
    #expect(flora.bytesUp < fedfft.bytesUp)
    #expect((flora.energy ?? .zero) > .zero && (fedfft.energy ?? .zero) > .zero)
    #expect(flora.bestAccuracy == nil)
  }

  @Test func `a shape without weights can be costed but not trained`() throws {
    let text = ScenarioText.small + "\nmodel: { base: vit-b-32 }"
    #expect(throws: (any Error).self) { try Experiment(ScenarioText.scenario(text)) }
    let timing = text.replacing(
      "training: { batch_size: 16, weight_decay: 0 }", with: "training: none")
    #expect(try Experiment(ScenarioText.scenario(timing)).model.parameterCount == 151_277_313)
  }

  @Test func `a fleet of a billion devices only stores tasks in flight`() throws {
    let text = ScenarioText.small
      .replacing("training: { batch_size: 16, weight_decay: 0 }", with: "training: none")
      .replacing("kind: iid", with: "kind: resample, samples: 30, beta: 0.5")
      .replacing("devices: 10", with: "devices: 1_000_000_000".replacing("_", with: ""))
    let run = try TemporaryRun(ScenarioText.scenario(text))
    let clients = Set(run.rows("tasks.csv").map { Int($0["client"]!)! })
    #expect(run.rows("tasks.csv").count == 2 * 3 * 6)
    #expect(clients.count > 10 && clients.max()! > 100_000_000)
    #expect(run.rows("fleet.csv").count == 100_000)
  }
}
