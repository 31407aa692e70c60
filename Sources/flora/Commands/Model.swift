import Adaptation
import ArgumentParser
import Datasets
import Fleet
import Foundation

struct Model: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a model's architecture and the cost of each method on it.",
    discussion: """
      A step is one batch of images with the prompts of Fashion-MNIST's ten classes, the contrastive \
      loss and Adam. FLOPs are those of the matrix products; memory is the most that is alive at one \
      time, weights included, and depends on the program that runs the step: PyTorch, one whose memory \
      is planned ahead, or this package's own engine. All is float32 unless --precision or \
      --base-precision say otherwise. With --compute it prints how long a \
      step takes on such a device. vit-b-32 is the shape of OpenAI's CLIP of that name, which needs \
      no weights for this.
      """)

  @OptionGroup var input: ModelArgument

  @Option(help: "Images per step.")
  var batchSize = 128

  @OptionGroup var techniques: TechniqueArguments

  @OptionGroup var speed: DeviceSpeedArguments

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard (1...1_000_000).contains(batchSize) else {
      throw ValidationError("--batch-size takes a whole number from 1 to 1000000.")
    }
  }

  func run() throws {
    let base = try input.openForCosts()
    let prompts = ClassPrompts(
      FashionMNIST.classNames.map { base.tokens("a photo of a \($0).") }, base.model.configuration)
    var report = ModelReport(
      base.model, prompts: prompts,
      LocalTraining(batchSize: batchSize, techniques: techniques.techniques),
      hasWeights: !base.isShape)
    if let seconds = try speed.seconds() { report.addSeconds(seconds) }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
      print(text(report))
    }
  }

  private func text(_ report: ModelReport) -> String {
    let total = report.parts.reduce(0) { $0 + $1.parameters }
    let parts = TextTable(
      rows: [["part", "parameters"]] + report.parts.map { [$0.name, "\($0.parameters)"] }
        + [["total", "\(total)"]])
    let methods = TextTable(
      rows: [
        ["method", "trainable", "payload", "FLOPs per step, reference", "cached"]
      ]
        + report.methods.map { method in
          [
            method.name, "\(method.trainableParameters)", "\(ByteCount(method.payloadBytes))",
            "\(FLOPCount(method.reference.flopsPerStep))",
            "\(FLOPCount(method.cached.flopsPerStep))",
          ]
        })
    let remark =
      report.hasWeights
      ? ""
      : """
      \(input.model) is a shape without weights and tokenizer: each word and punctuation mark of a \
      prompt counts as one token.


      """
    return remark + """
      \(parts.text)

      A step of \(report.batchSize) images and the prompts of \(report.classes) classes:

      \(methods.text)

      Peak memory by runtime (fleet.runtime), with the reference plan:

      \(memory(report, \.reference).text)

      With the cached plan:

      \(memory(report, \.cached).text)
      """ + seconds(report)
  }

  private func memory(
    _ report: ModelReport, _ plan: KeyPath<ModelReport.Method, ModelReport.Plan>
  ) -> TextTable {
    byRuntime(report) { method, runtime in
      "\(ByteCount(method[keyPath: plan].peakMemoryBytesByRuntime[runtime] ?? 0))"
    }
  }

  private func seconds(_ report: ModelReport) -> String {
    guard report.methods.first?.reference.secondsPerStepByRuntime != nil else { return "" }
    func table(_ plan: KeyPath<ModelReport.Method, ModelReport.Plan>) -> String {
      byRuntime(report) { method, runtime in
        let seconds = method[keyPath: plan].secondsPerStepByRuntime?[runtime] ?? 0
        return String(format: "%.4g s", seconds)
      }.text
    }
    return """


      Time per step on a device of that speed, with the reference plan:

      \(table(\.reference))

      With the cached plan, after features are computed:

      \(table(\.cached))
      """
  }

  private func byRuntime(
    _ report: ModelReport, _ cell: (ModelReport.Method, String) -> String
  ) -> TextTable {
    let runtimes = DeviceRuntime.allCases.map(\.rawValue)
    return TextTable(
      rows: [["method"] + runtimes]
        + report.methods.map { method in [method.name] + runtimes.map { cell(method, $0) } })
  }
}
