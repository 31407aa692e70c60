import Adaptation
import CLIP
import Datasets
import Federation
import Foundation
import Tensors
import Testing

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Runs in which clients are tested on samples of their own.
struct ClientTestRunTests {
  private static let text = """
    name: clients
    seed: 11
    data: { dataset: fashion-mnist, train_samples: 200, test_samples: 60, partition: { kind: dirichlet, beta: 0.3 } }
    training: { batch_size: 16, learning_rate: 1.0e-3 }
    methods:
      - { name: flora, kind: lora, rank: 4 }
    fleet:
      devices: 9
      classes:
        - { name: fast, share: 0.5, compute: 50 GFLOPS, memory: 2 GB, download: 100 Mbps, upload: 20 Mbps, rtt: 20 ms }
        - { name: tiny, share: 0.5, compute: 5 GFLOPS, memory: 2 GB, download: 10 Mbps, upload: 2 Mbps, rtt: 80 ms, dropout: 0.3 }
    server: { rounds: 3, cohort: 3 }
    evaluation: { per_client: { held_out: 0.3 } }
    """

  private func scenario(_ overrides: String...) throws -> Scenario {
    try ScenarioText.scenario(Self.text, overrides)
  }

  private func run(_ overrides: String..., workers: Int = 2) throws -> TemporaryRun {
    try TemporaryRun(ScenarioText.scenario(Self.text, overrides), workers: workers)
  }

  // MARK: Accuracy against the base's own embeddings

  /// The class of each sample by the largest cosine of embeddings, made one image and one text at a time.
  private func choices(
    _ experiment: Experiment, _ samples: [Int], among classes: [Int]? = nil
  ) -> [Int] {
    let embedder = Embedder(experiment.model)
    let texts = experiment.prompts.tokens.map { embedder.embed(tokens: $0) }
    return samples.map { sample in
      let image = embedder.embed(pixels: experiment.images.pixels(of: sample))
      func cosine(_ label: Int) -> Float {
        zip(image, texts[label]).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return (classes ?? Array(texts.indices)).max { cosine($0) < cosine($1) }!
    }
  }

  @Test func `before training, a client's accuracy is that of the base on its samples`() throws {
    let experiment = try Experiment(scenario())
    let rows = try TemporaryRun(experiment).rows("clients.csv").filter { $0["round"] == "0" }
    #expect(rows.count == 9)
    for (client, row) in rows.enumerated() {
      let held = experiment.heldOut[client]
      #expect(row["client"] == "\(client)" && row["samples"] == "\(held.count)")
      #expect(row["train_samples"] == "\(experiment.shards[client].count)")
      let labels = experiment.labels(held)
      let correct = zip(choices(experiment, held), labels).count { $0 == $1 }
      if held.isEmpty {
        #expect(row["accuracy"] == "")
      } else {
        #expect(Double(row["accuracy"]!) == Double(correct) / Double(held.count))
      }
    }
  }

  @Test func `rounds have the mean, the worst decile and the deviation of their clients`() throws {
    let run = try run("fleet.devices=12")
    for round in run.rows("rounds.csv") {
      let values = run.rows("clients.csv").filter { $0["round"] == round["round"] }
        .compactMap { Double($0["accuracy"]!) }.sorted()
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      func number(_ column: String) -> Double { Double(round[column]!)! }
      #expect(abs(number("client_accuracy_mean") - mean) < 1e-12)
      // Of eleven or twelve clients, the worst two.
      #expect(values.count > 10)
      #expect(
        abs(number("client_accuracy_worst_decile") - (values[0] + values[1]) / 2) < 1e-12)
      #expect(
        abs(number("client_accuracy_sd") - (squares / Double(values.count)).squareRoot()) < 1e-12)
      #expect(round["fine_tuned_accuracy_mean"] == "")
    }
  }

  @Test func `the spread of four clients, worked out by hand`() throws {
    let spread = try #require(AccuracySpread([0.5, 1, 0, 0.5]))
    #expect(spread.mean == 0.5 && spread.worstDecile == 0)
    #expect(spread.standardDeviation == 0.125.squareRoot())
    #expect(AccuracySpread([]) == nil)
    let eleven = try #require(AccuracySpread([0.2, 0.4] + [Double](repeating: 1, count: 9)))
    #expect(abs(eleven.worstDecile - 0.3) < 1e-15)
  }

  // MARK: What clients train on

  @Test func `no held-out sample is trained on or tested with by anybody else`() throws {
    let experiment = try Experiment(scenario())
    let held = experiment.heldOut.joined()
    let trained = (0..<9).flatMap { experiment.shards[$0] }
    #expect(Set(held).isDisjoint(with: trained))
    #expect(Set(held).isDisjoint(with: experiment.testSamples))
    #expect(Set(held).count == held.count)
    let all = try Experiment(scenario("evaluation.per_client=none"))
    #expect((trained + held).sorted() == (0..<9).flatMap { all.shards[$0] }.sorted())
  }

  @Test func `testing more, or after fine-tuning, changes no other number`() throws {
    let plain = try run()
    let other = try run(
      "evaluation.per_client.fine_tune=true", "evaluation.per_client.every=3")
    #expect(plain.files["tasks.csv"] == other.files["tasks.csv"])
    #expect(plain.files["summary.csv"] == other.files["summary.csv"])
    #expect(
      plain.files["adapters/flora/adapter_model.safetensors"]
        == other.files["adapters/flora/adapter_model.safetensors"])
    func without(_ run: TemporaryRun) -> [[String: String]] {
      run.rows("rounds.csv").map { $0.filter { !$0.key.contains("_accuracy_") } }
    }
    #expect(without(plain) == without(other))
    #expect(other.rows("clients.csv").map { $0["round"]! }.sorted().last == "3")
    #expect(Set(other.rows("clients.csv").map { $0["round"]! }) == ["0", "3"])
    #expect(other.rows("clients.csv").contains { $0["fine_tuned_loss"] != $0["loss"] })
  }

  @Test(arguments: [
    ["methods[0].aggregation=fedsa"], ["evaluation.per_client.fine_tune=true"],
    ["evaluation.per_client.fine_tune=true", "methods[0].aggregation=rolora"],
    [
      "methods[0].aggregation=hetlora", "methods[0].sizes=[{class: tiny, rank: 2}]",
      "evaluation.per_client.fine_tune=true", "server.strategy=fedprox",
    ],
    ["server.strategy={kind: fedbuff, buffer: 2, concurrency: 3}", "evaluation.every=2"],
  ])
  func `tables are the same for any number of workers, and after interruptions`(
    overrides: [String]
  ) throws {
    let experiment = try Experiment(ScenarioText.scenario(Self.text, overrides))
    let one = try TemporaryRun(experiment, workers: 1)
    let three = try TemporaryRun(experiment, workers: 3)
    #expect(one.results == three.results)
    let interrupted = try InterruptedRun(experiment, every: 3)
    #expect(interrupted.resumptions > 1)
    #expect(interrupted.results == one.results)
    #expect(one.rows("clients.csv").count.isMultiple(of: 9))
  }

  @Test func `a client of FedSA is tested with its own model once it has one`() throws {
    let overrides = ["methods[0].aggregation=fedsa", "methods[0].learning_rate=3.0e-2"]
    let run = try PartsRun(Experiment(ScenarioText.scenario(Self.text, overrides)))
    let simulation = run.simulation
    let trained = Set(
      simulation.algorithm.testedModels.compactMap(\.owner))
    let rows = try TemporaryRun(ScenarioText.scenario(Self.text, overrides)).rows("clients.csv")
      .filter { $0["round"] == "3" }
    // Whose own B is not zero: another model than that of a client without.
    #expect(!trained.isEmpty && trained.count < 9)
    let adapted = simulation.experiment.methods[0].adapted
    let tested = trained.sorted().filter { !simulation.experiment.heldOut[$0].isEmpty }
    let accuracies = tested.map { client in
      let model = simulation.algorithm.model(
        nil, from: simulation.algorithm.version, of: client)
      let embedder = Embedder(adapted, parameters: model.parameters)
      let texts = simulation.experiment.prompts.tokens.map { embedder.embed(tokens: $0) }
      let held = simulation.experiment.heldOut[client]
      let correct = held.count { sample in
        let image = embedder.embed(pixels: simulation.experiment.images.pixels(of: sample))
        func cosine(_ label: Int) -> Float {
          zip(image, texts[label]).reduce(0) { $0 + $1.0 * $1.1 }
        }
        return texts.indices.max { cosine($0) < cosine($1) }
          == Int(simulation.experiment.dataset.labels[sample])
      }
      return (client, Double(correct) / Double(held.count))
    }
    for (client, accuracy) in accuracies {
      #expect(Double(rows[client]["accuracy"]!) == accuracy)
    }
  }

  // MARK: Devices that cannot take part

  @Test func `devices that cannot take part are tested too, and are not fine-tuned`() throws {
    let run = try run(
      "fleet.classes.tiny.memory=2 MB", "evaluation.per_client.fine_tune=true",
      "methods[0].learning_rate=1.0e-2")
    let rows = run.rows("clients.csv").filter { $0["round"] == "3" }
    #expect(rows.count == 9)
    let tiny = rows.filter { $0["device_class"] == "tiny" }
    #expect(!tiny.isEmpty && tiny.count < 9)
    for row in rows {
      let isTiny = row["device_class"] == "tiny"
      #expect(row["excluded_memory"] == (isTiny ? "1" : "0"))
      if isTiny { #expect(row["updates"] == "0" && row["fine_tuned_accuracy"] == "") }
    }
    let completed = run.rows("tasks.csv").filter { $0["outcome"] == "completed" }
    #expect(rows.reduce(0) { $0 + Int($1["updates"]!)! } == completed.count)
    let last = run.rows("rounds.csv").last!
    let counted = rows.compactMap { row in
      row["accuracy"] == "" ? nil : Double(row["fine_tuned_accuracy"]!) ?? Double(row["accuracy"]!)
    }
    let mean = counted.reduce(0, +) / Double(counted.count)
    #expect(abs(Double(last["fine_tuned_accuracy_mean"]!)! - mean) < 1e-12)
  }

  @Test func `a timing-only run has the same events, and no clients.csv`() throws {
    let trained = try run("fleet.classes.tiny.dropout=0")
    let timed = try run("fleet.classes.tiny.dropout=0", "training.mode=timing")
    #expect(timed.files["clients.csv"] == nil)
    func columns(_ run: TemporaryRun) -> [[String?]] {
      run.rows("tasks.csv").map { row in
        ["client", "outcome", "end_s", "samples", "flops"].map { row[$0] }
      }
    }
    #expect(columns(trained) == columns(timed))
  }

  // MARK: Novel classes

  @Test func `no client trains on novel classes, and they are tested among themselves`() throws {
    let experiment = try Experiment(
      scenario(
        "evaluation={novel_classes: [Bag, Sandal]}",
        "data.partition={kind: few-shot, shots: 3}", "data.train_samples=400",
        "methods[0].learning_rate=1.0e-2"))
    let novel = [5, 8]
    let base = [0, 1, 2, 3, 4, 6, 7, 9]
    for client in 0..<9 {
      let labels = experiment.labels(experiment.shards[client])
      #expect(labels.count == 24 && Set(labels) == Set(base))
    }
    let rounds = try TemporaryRun(experiment).rows("rounds.csv")
    for (classes, column) in [(base, "base_accuracy"), (novel, "novel_accuracy")] {
      let samples = experiment.testSamples.filter {
        classes.contains(Int(experiment.dataset.labels[$0]))
      }
      let correct = zip(
        choices(experiment, samples, among: classes), experiment.labels(samples)
      ).count { $0 == $1 }
      #expect(Double(rounds[0][column]!) == Double(correct) / Double(samples.count))
    }
    for round in rounds {
      let (b, n) = (Double(round["base_accuracy"]!)!, Double(round["novel_accuracy"]!)!)
      #expect(abs(Double(round["harmonic_mean_accuracy"]!)! - 2 / (1 / b + 1 / n)) < 1e-12)
    }
    #expect(rounds[0]["novel_accuracy"] != "" && rounds[0]["test_loss"] != rounds[3]["test_loss"])
  }

  @Test func `the other classes' samples are the same with and without novel classes`() throws {
    let all = try Experiment(
      scenario("data.partition={kind: few-shot, shots: 3}", "data.train_samples=400"))
    let some = try Experiment(
      scenario(
        "data.partition={kind: few-shot, shots: 3}", "data.train_samples=400",
        "evaluation={novel_classes: [Bag], per_client: none}"))
    let plain = try Experiment(
      scenario(
        "data.partition={kind: few-shot, shots: 3}", "data.train_samples=400", "evaluation={}"))
    #expect(all.testSamples == some.testSamples)
    for client in 0..<9 {
      #expect(
        some.shards[client]
          == plain.shards[client].filter { plain.dataset.labels[$0] != 8 })
    }
  }

  @Test(arguments: [
    (
      "evaluation={novel_classes: [Hat]}",
      "evaluation.novel_classes has \"Hat\", which is not a class of the data; the classes are T-shirt/top, Trouser"
    ),
    (
      "evaluation={novel_classes: [T-shirt/top, Trouser, Pullover, Dress, Coat, Sandal, Shirt, Sneaker, Bag]}",
      "evaluation.novel_classes leaves 1 of 10 classes for training; keep at least two"
    ),
    ("evaluation={novel_classes: [Bag, Bag]}", "the class \"Bag\" is listed twice; list it once"),
    (
      "{training.loss=classification,evaluation={novel_classes: [Bag]}}",
      "flora is trained with a classification loss"
    ),
    (
      "{evaluation.every=2,evaluation.per_client.every=5}",
      "write a multiple of 2, for example 4"
    ),
    (
      "data.partition={kind: resample, samples: 20}",
      "clients of partition resample share samples, so none can hold out samples"
    ),
    (
      "data.partition=natural",
      "natural needs the client of each sample"
    ),
  ])
  func `invalid evaluation settings are rejected`(change: String, sentence: String) throws {
    let overrides =
      change.hasPrefix("{training") || change.hasPrefix("{evaluation.")
      ? change.dropFirst().dropLast().split(separator: ",", maxSplits: 1).map(String.init)
      : [change]
    let error = #expect(throws: (any Error).self) {
      try Experiment(ScenarioText.scenario(Self.text, overrides))
    }
    #expect("\(try #require(error))".contains(sentence))
  }

  // MARK: Fleets

  @Test func `a disturbance doubles drop-outs and the share of the slowest class`() throws {
    let fleet = try scenario(
      "fleet.disturbance=2", "fleet.classes.fast.share=0.7", "fleet.classes.tiny.share=0.3"
    )
    .fleet
    #expect(fleet.classes.map(\.dropout) == [0, 0.6])
    #expect(abs(fleet.classes[1].share - 0.6) < 1e-12 && abs(fleet.classes[0].share - 0.4) < 1e-12)
    let most = try scenario("fleet.disturbance=4").fleet
    #expect(most.classes.map(\.dropout) == [0, 1] && most.classes.map(\.share) == [0, 1])
    let same = try scenario("fleet.disturbance=1").fleet
    #expect(same.classes == (try scenario().fleet.classes))
  }
}

extension ImageSource {
  /// One preprocessed image, [channels * size * size].
  fileprivate func pixels(of sample: Int) -> [Float] {
    pixels([sample], ComputeContext()).elements
  }
}
