import Adaptation
import Fleet
import Scenario

extension Experiment {
  /// Warnings about data, traces and scenario settings that are valid but probably unintended.
  package var remarks: [String] {
    [dataset.remark, availability.remark(devices: fleet.count), cohortRemark].compactMap(\.self)
      + methods.flatMap { settings, adapted in
        [rankRemark(settings, adapted), batchRemark(settings)].compactMap(\.self)
      } + nameRemarks
  }

  private var cohortRemark: String? {
    let server = scenario.server
    let devices = fleet.count
    if let asynchronous = server.strategy.asynchronous {
      guard asynchronous.concurrency > devices else { return nil }
      return
        "the server trains on \(asynchronous.concurrency) devices at a time, but the fleet has \(devices); it uses all of them"
    }
    guard server.cohort > devices else { return nil }
    return
      "server.cohort is \(server.cohort), but the fleet has \(devices) devices; each round selects all of them"
  }

  private func rankRemark(_ settings: MethodSettings, _ adapted: AdaptedModel) -> String? {
    guard let lora = adapted.method as? LoRAMethod,
      let width = lora.shape.layers.map({ min($0.inputs, $0.outputs) }).min(), lora.rank > width
    else { return nil }
    return
      "\(settings.name): rank \(lora.rank) is above \(width), the width of a layer that it adapts; a higher rank costs more and adds nothing"
  }

  private func batchRemark(_ settings: MethodSettings) -> String? {
    guard !scenario.isTimingOnly else { return nil }
    let classes = fleet.classes.map { settings.training(ofClass: $0.name) }
    guard classes.contains(where: { $0.loss == .contrastive && $0.batchSize == 1 }) else {
      return nil
    }
    return
      "\(settings.name): a batch of one sample learns nothing with loss: contrastive, which compares the texts of a batch; use a larger batch_size, or loss: classification"
  }

  /// Strings that pandas and R read as missing values.
  private static let missingValues: Set = [
    "NA", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None",
  ]

  private var nameRemarks: [String] {
    (scenario.methods.map(\.name) + fleet.classes.map(\.name))
      .filter(Self.missingValues.contains).map {
        "pandas reads the name \"\($0)\" in a table as a missing value, unless keep_default_na=False; choose another name"
      }
  }
}
