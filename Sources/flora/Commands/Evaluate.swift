import ArgumentParser
import Datasets
import FederatedSimulation
import Foundation
import Pretraining
import Scenario
import Tensors

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate a base model before fine-tuning: zero-shot, linear probe, retrieval.")

  @OptionGroup var input: ModelArgument

  @Option(help: "The data set: fashion-mnist, cifar-10, cifar-100 or image-folder.")
  var dataset = DataSettings.Dataset.fashionMNIST

  @Option(help: "The folder of its files.", completion: .directory)
  var path: String?

  @Option(help: "The prompt of a class, with {} for its name.")
  var prompt = "a photo of a {}."

  @Option(help: "Number of seeds, each with its own split, to evaluate on.")
  var seeds = 1

  @Flag(help: "Evaluate on a tenth of the training images, to choose between base models.")
  var validation = false

  @Option(
    help: "A folder of captioned pictures, made by scripts/corpora, to evaluate retrieval on.",
    completion: .directory)
  var pictures: String?

  @OptionGroup var workers: WorkersArgument

  func validate() throws {
    guard (1...1000).contains(seeds) else {
      throw ValidationError("--seeds takes a whole number from 1 to 1000.")
    }
    guard prompt.ranges(of: "{}").count == 1 else {
      throw ValidationError("--prompt must contain {} once, as the place of the class name.")
    }
    guard path != nil || dataset == .fashionMNIST else {
      throw ValidationError("--dataset \(dataset.rawValue) needs --path, the folder of its files.")
    }
  }

  func run() throws {
    try workers.reserve()
    let base = try input.open()
    let pool = WorkerPool(workers: workers.count)
    try InputError.catching {
      try base.checkFeatures()
      let images = try dataset.images(
        for: base, directory: path.map { URL(filePath: $0) }, workers: workers.count)
      if let remark = images.dataset.remark { TerminalLine.note("flora: \(remark)") }
      let measurement = try BaseMeasurement(
        base.model, images: images,
        prompts: ClassTexts(names: images.dataset.classNames, template: prompt, base: base)
          .prompts().tokens, on: pool)
      var rows = [["seed", "zero-shot", "linear probe", "penalty", "images"]]
      var scores: [BaseMeasurement.Score] = []
      for seed in 0..<UInt64(seeds) {
        let score = try measurement.score(seed: seed, onValidation: validation)
        scores.append(score)
        rows.append([
          "\(seed)", percent(score.zeroShot), percent(score.linearProbe), "\(score.penalty)",
          "\(score.samples)",
        ])
      }
      if seeds > 1 {
        rows.append([
          "mean", summary(scores.map(\.zeroShot)), summary(scores.map(\.linearProbe)),
        ])
      }
      print(TextTable(rows: rows).text)
      if let pictures {
        let recall = try RetrievalMeasurement.recall(
          of: base.model, base.preprocessor, corpus: URL(filePath: pictures), on: pool,
          tokens: base.tokens)
        print(
          "\nretrieval of \(recall.pictures) held-out pictures by their captions: recall@1 \(percent(recall.atOne)), recall@5 \(percent(recall.atFive))"
        )
      }
    }
  }

  private func percent(_ share: Double) -> String { (share * 100).formatted(decimals: 2) + " %" }

  /// The mean and standard deviation.
  private func summary(_ shares: [Double]) -> String {
    let mean = shares.reduce(0, +) / Double(shares.count)
    let squares = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(max(1, shares.count - 1))).squareRoot()
    return "\((mean * 100).formatted(decimals: 2)) ± \((deviation * 100).formatted(decimals: 2)) %"
  }
}

extension DataSettings.Dataset: ExpressibleByArgument {}
