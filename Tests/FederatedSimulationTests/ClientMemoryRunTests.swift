import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// A client's memory for its codec and algorithm, in vectors of the 2,048 trained parameters.
struct ClientMemoryRunTests {
  private static let vector = 4 * 2_048

  /// The peak memory of each device's task in round 1, relative to a plain run.
  private func additional(_ overrides: [String], to plain: [String] = []) throws -> Set<Int> {
    func peaks(_ overrides: [String]) throws -> [String: Int] {
      let run = try TemporaryRun(
        ScenarioText.scenario(
          CostSumTests.text,
          ["training={optimizer: sgd, mode: timing}", "server.rounds=1"]
            + overrides))
      return Dictionary(
        uniqueKeysWithValues: run.rows("tasks.csv").map {
          ($0["client"]!, Int($0["peak_memory_bytes"]!)!)
        })
    }
    let (before, after) = (try peaks(plain), try peaks(overrides))
    #expect(before.count == 4 && before.keys == after.keys)
    return Set(after.map { $0.value - before[$0.key]! })
  }

  @Test(arguments: ["fp16", "bf16", "int8"])
  func `a lossy codec needs the client's initial version`(codec: String) throws {
    #expect(try additional(["server.compression=\(codec)"]) == [Self.vector])
  }

  @Test(arguments: ["sign", "{kind: top-k, fraction: 0.1}"])
  func `error feedback also needs the residual`(codec: String) throws {
    let codec = codec.hasPrefix("{") ? codec : "{kind: \(codec)}"
    let without = codec.replacing("}", with: ", error_feedback: false}")
    #expect(try additional(["server.compression=\(without)"]) == [Self.vector])
    #expect(try additional(["server.compression=\(codec)"]) == [2 * Self.vector])
  }

  @Test func `secure aggregation needs the initial version`() throws {
    #expect(try additional(["server.secure_aggregation={bits: 16}"]) == [Self.vector])
  }

  @Test func `vectors needed by several parts are held once`() throws {
    let scaffold = "server.strategy=scaffold"
    #expect(try additional([scaffold]) == [3 * Self.vector])
    // SCAFFOLD's client already holds the initial version.
    #expect(try additional([scaffold, "server.compression=int8"], to: [scaffold]) == [0])
    #expect(
      try additional([scaffold, "server.compression=sign"], to: [scaffold]) == [Self.vector])
    let proximal = "server.strategy={kind: fedprox, mu: 0.1}"
    #expect(try additional([proximal]) == [Self.vector])
    #expect(try additional([proximal, "server.compression=int8"], to: [proximal]) == [0])
  }

  @Test func `the clients' vectors are as long as the rule's trained part`() throws {
    for (rule, numbers) in [("average", 2_048), ("ffa", 1_024), ("flexlora", 2_048)] {
      let plain = ["methods[0].aggregation=\(rule)"]
      #expect(
        try additional(plain + ["server.compression=int8"], to: plain) == [4 * numbers], "\(rule)")
    }
  }

  @Test func `a device with memory only for an uncompressed update is excluded`() throws {
    let plain = try TemporaryRun(ScenarioText.scenario(CostSumTests.text, "server.rounds=1"))
    let peak = plain.rows("tasks.csv")[0]["peak_memory_bytes"]!
    let memory = ["fast", "slow", "small"].map { "fleet.classes.\($0).memory=\(peak) B" }
    func outcomes(_ overrides: String...) throws -> Set<String> {
      let run = try TemporaryRun(
        ScenarioText.scenario(CostSumTests.text, ["server.rounds=1"] + memory + overrides))
      return Set(run.rows("tasks.csv").map { $0["outcome"]! })
    }
    #expect(try !outcomes().contains("excluded_memory"))
    #expect(try outcomes("server.compression=int8") == ["excluded_memory"])
  }
}
