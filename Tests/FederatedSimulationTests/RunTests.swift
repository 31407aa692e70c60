import Foundation
import Testing

@testable import FederatedSimulation

/// The files of complete runs, on real images.
struct RunTests {
  @Test func `tables are the same for any number of workers, and differ by seed`()
    throws
  {
    let scenario = try ScenarioText.scenario()
    let one = try TemporaryRun(scenario, workers: 1)
    let two = try TemporaryRun(scenario, workers: 2)
    let five = try TemporaryRun(scenario, workers: 5)
    #expect(
      one.csvFiles.keys.sorted() == [
        "fleet.csv", "missing_data.csv", "participants.csv", "rounds.csv", "summary.csv",
        "tasks.csv",
      ])
    #expect(one.csvFiles == two.csvFiles)
    #expect(one.csvFiles == five.csvFiles)
    let adapters = one.files.filter { $0.key.hasPrefix("adapters/") }
    #expect(adapters == two.files.filter { $0.key.hasPrefix("adapters/") })

    let other = try TemporaryRun(ScenarioText.scenario(ScenarioText.small, "seed=6"))
    for table in ["rounds.csv", "summary.csv", "tasks.csv"] {
      #expect(one.files[table] != other.files[table])
    }
  }

  @Test func `tasks sum up to rounds, and rounds to the summary`() throws {
    let run = try TemporaryRun(ScenarioText.scenario())
    let (tasks, rounds, summary) = (
      run.rows("tasks.csv"), run.rows("rounds.csv"), run.rows("summary.csv")
    )
    for method in ["flora", "fedfft"] {
      var cumulative = 0
      for round in rounds where round["method"] == method {
        let own = tasks.filter { $0["method"] == method && $0["round"] == round["round"] }
        #expect(own.sum("bytes_down") == Int(round["bytes_down"]!))
        #expect(own.sum("bytes_up") == Int(round["bytes_up"]!))
        #expect(own.sum("flops") == Int(round["device_flops"]!))
        let wasted = own.filter { $0["outcome"] != "completed" }
        #expect(wasted.sum("bytes_down") + wasted.sum("bytes_up") == Int(round["wasted_bytes"]!))
        #expect(own.count == Int(round["selected"]!))
        #expect(own.count { $0["outcome"] == "completed" } == Int(round["completed"]!))
        cumulative += own.sum("bytes_down") + own.sum("bytes_up")
        #expect(cumulative == Int(round["cumulative_bytes"]!))
      }
      let row = summary.first { $0["method"] == method }!
      #expect(Int(row["bytes_down"]!)! + Int(row["bytes_up"]!)! == cumulative)
      #expect(tasks.contains { $0["outcome"]!.hasPrefix("dropped") })
    }
  }

  @Test func `untested versions are included in the next row`() throws {
    let every = try TemporaryRun(ScenarioText.scenario())
    let last = try TemporaryRun(ScenarioText.scenario(ScenarioText.small, "evaluation.every=3"))
    #expect(last.rows("rounds.csv").map { $0["round"]! } == ["0", "3", "0", "3"])
    for column in ["bytes_down", "bytes_up", "wasted_bytes", "device_flops", "selected"] {
      let flora = every.rows("rounds.csv").filter { $0["method"] == "flora" }
      #expect(flora.sum(column) == Int(last.rows("rounds.csv")[1][column]!))
    }
    #expect(every.files["tasks.csv"] == last.files["tasks.csv"])
  }

  @Test func `a method's rows do not depend on the other methods`() throws {
    let both = try TemporaryRun(ScenarioText.scenario())
    let text = ScenarioText.small.replacing(
      "  - { name: fedfft, kind: full, learning_rate: 1.0e-4 }\n", with: "")
    let alone = try TemporaryRun(ScenarioText.scenario(text))
    let flora = both.rows("tasks.csv").filter { $0["method"] == "flora" }
    #expect(alone.rows("tasks.csv") == flora)
  }

  @Test func `all methods have the same cohorts and dropouts`() throws {
    let run = try TemporaryRun(ScenarioText.scenario())
    func cohort(_ method: String) -> [[String]] {
      run.rows("tasks.csv").filter { $0["method"] == method }.map {
        [$0["round"]!, $0["client"]!, "\($0["outcome"] == "completed")"]
      }.sorted { $0.joined(separator: " ") < $1.joined(separator: " ") }
    }
    #expect(cohort("flora") == cohort("fedfft"))
  }

  @Test func `a run without sufficient memory on any device ends after the first cohort`()
    throws
  {
    let text = ScenarioText.small.replacing("memory: 2 GB", with: "memory: 4 MB")
    let run = try TemporaryRun(ScenarioText.scenario(text))
    let tasks = run.rows("tasks.csv")
    // One cohort of six per method.
    #expect(tasks.count == 2 * 6)
    #expect(tasks.allSatisfy { $0["outcome"] == "excluded_memory" && $0["bytes_down"] == "0" })
    #expect(run.summaries.allSatisfy { $0.eligibleShare == 0 && $0.bytes == .zero })
    let rounds = run.rows("rounds.csv")
    #expect(rounds.map { $0["round"]! } == ["0", "0", "0", "0"])
    #expect(rounds.map { $0["excluded_memory"]! } == ["0", "6", "0", "6"])
    #expect(Set(rounds.map { $0["test_accuracy"]! }).count == 1)
    #expect(run.warnings.count == 2)
    for warning in run.warnings {
      #expect(warning.contains("at version 0 of 3, since no device can take part anymore"))
      #expect(warning.contains("of 6 tasks 6 had insufficient memory"))
    }
  }

  @Test func `training increases the accuracy on unseen images`()
    throws
  {
    let run = try TemporaryRun(
      ScenarioText.scenario(
        ScenarioText.small, "server.rounds=6", "server.cohort=10", "data.train_samples=2000",
        "data.test_samples=1000"))
    let flora = run.summaries[0]
    #expect(try #require(flora.bestAccuracy) > #require(flora.startAccuracy))
    let fedfft = run.summaries[1]
    #expect(try #require(fedfft.bestAccuracy) > #require(fedfft.startAccuracy))
  }

  @Test func `validation samples belong to neither clients nor the test set`()
    throws
  {
    let tested = try Experiment(ScenarioText.scenario())
    let chosen = try Experiment(
      ScenarioText.scenario(ScenarioText.small, "data.test_on=validation"))
    #expect(chosen.testSamples.count == 40)
    #expect(Set(chosen.testSamples).isDisjoint(with: tested.testSamples))
    let clients = 0..<tested.fleet.count
    let remaining = chosen.testSamples + clients.flatMap { chosen.shards[$0] }
    #expect(remaining.sorted() == clients.flatMap { tested.shards[$0] }.sorted())
  }

  @Test func `the trained LoRA is written in PEFT's format, and the full model as safetensors`()
    throws
  {
    let run = try TemporaryRun(ScenarioText.scenario(ScenarioText.small, "server.rounds=1"))
    #expect(run.files["adapters/flora/adapter_model.safetensors"] != nil)
    #expect(run.files["adapters/fedfft/model.safetensors"] != nil)
    let configuration = try #require(
      try JSONSerialization.jsonObject(with: run.files["adapters/flora/adapter_config.json"]!)
        as? [String: Any])
    #expect(configuration["peft_type"] as? String == "LORA")
    #expect(configuration["r"] as? Int == 2)
    #expect(configuration["lora_alpha"] as? Double == 64)
  }
}

extension [[String: String]] {
  func sum(_ column: String) -> Int { reduce(0) { $0 + Int($1[column]!)! } }
}
