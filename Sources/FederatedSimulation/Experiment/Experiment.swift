import Adaptation
import BaseModels
import CLIP
import Datasets
import Federation
import Fleet
import Foundation
import Results
import Scenario

/// The inputs shared by a scenario's methods: fleet, samples, base and prompts.
package struct Experiment: Sendable {
  package let scenario: Scenario
  package let fleet: Fleet
  /// When devices are online.
  let availability: Availability
  /// The outages of device groups; nil if there are none.
  let outages: Outages?
  /// The devices of each edge, ascending; nil if devices connect to the server directly.
  let edges: [[Int]]?
  /// The samples that each client trains on, by device id.
  package let shards: Shards
  /// Each client's held-out test samples, by device id; empty if clients are not tested.
  package let heldOut: [[Int]]
  /// Whether each class is novel, with no samples at any client; nil without novel classes.
  package let isNovel: [Bool]?
  /// All samples that clients may hold.
  let trainSamples: [Int]
  package let testSamples: [Int]
  package let images: ImageSource
  package let model: CLIPModel
  /// The files of the base, and of the adapters that methods start from.
  package let modelFiles: [URL]
  /// The scenario's methods applied to the base, in order.
  package let methods: [(settings: MethodSettings, adapted: AdaptedModel)]
  package let prompts: ClassPrompts
  /// Whether simulations verify after each event that the booked costs match the incurred ones.
  var checksConservation = _isDebugAssertConfiguration()
  /// The work of the published code that training skips.
  var savings = ExactSavings.all

  package var dataset: ImageDataset { images.dataset }

  /// The clients' names in the data, by device id; nil if samples are dealt to unnamed clients.
  var clientNames: [String]? {
    scenario.data.partition == .natural ? dataset.owners?.names : nil
  }

  /// The inputs that the results depend on.
  ///
  /// - Complexity: reads all files once.
  func origin() throws(ExperimentError) -> RunOrigin {
    try RunOrigin(scenario, dataset, modelFiles: modelFiles)
  }

  /// The sample indices of each step of a client's task.
  func batches(
    _ training: LocalTraining, batchSize: Int, client: Int, round: Int
  ) -> [[Int]] {
    var training = training
    training.batchSize = batchSize
    return training.batches(of: shards[client], client: client, round: round, seed: scenario.seed)
  }

  func labels(_ samples: [Int]) -> [Int] { samples.map { Int(dataset.labels[$0]) } }

  /// Opens the scenario's files and partitions the samples; trains and writes nothing.
  ///
  /// - Parameter workers: the number of threads that decode pictures.
  /// - Throws: an error with a sentence that names the invalid file or key.
  package init(_ scenario: Scenario, workers: Int = 1) throws {
    self.scenario = scenario
    fleet = try scenario.openFleet()
    let base =
      try (scenario.isTimingOnly ? BaseModel(shape: scenario.model.base) : nil)
      ?? BaseModel(scenario.model.base, relativeTo: scenario.folder)
    if !scenario.isTimingOnly { try base.checkFeatures() }
    let model = base.model
    self.model = model
    let adapters = try scenario.methods.map { settings in
      try settings.start.map {
        try PEFTAdapter(directory: scenario.resolve($0), kind: settings.adapterKind)
      }
    }
    modelFiles = base.files + adapters.flatMap { $0?.urls ?? [] }
    images = try scenario.data.images(for: base, workers: workers, scenario.resolve)
    let dataset = images.dataset
    let classes = ClassTexts(
      names: dataset.classNames, template: scenario.data.prompt, base: base)
    prompts = try classes.prompts()
    methods = try zip(scenario.methods, adapters).map { settings, adapter in
      if base.isShape, settings.lora?.aggregation == .fedSB {
        throw ExperimentError(
          "\(settings.name): fed-sb derives its fixed factors from the base model's weights, but \(scenario.model.base) is a shape without weights; use another aggregation, or a base model with weights"
        )
      }
      let method = try settings.adaptation(model.configuration, classes, from: adapter)
      _ = try settings.personalParts(in: method.trainable)
      return (settings, AdaptedModel(model, method))
    }
    var split = try DataSplit(
      dataset, trainSamples: scenario.data.trainSamples, testSamples: scenario.data.testSamples,
      seed: scenario.seed)
    if scenario.data.testOn == .validation {
      split = split.testingOnValidation(seed: scenario.seed)
    }
    if scenario.data.partition == .natural, let owners = dataset.owners {
      split = split.leavingEachOwnerATrainSample(owners)
    }
    testSamples = split.testIndices
    availability = try scenario.fleet.availability.availability(scenario.resolve)
    let fleet = fleet
    let assignment = try scenario.server.topology?.edgeAssignment(
      devices: fleet.count, seed: scenario.seed, scenario.resolve)
    edges = assignment?.members(of: fleet)
    outages = try scenario.openOutages(
      of: fleet, groups: assignment.map { [EdgeGroups($0, fleet)] } ?? [])
    let novel = try scenario.evaluation.novelLabels(among: dataset.classNames)
    isNovel = novel.map { novel in dataset.classNames.indices.map(novel.contains) }
    let train = split.trainIndices.filter { novel?.contains(Int(dataset.labels[$0])) != true }
    let classCount = dataset.classNames.count
    let drawn = try scenario.data.partition.drawn(
      trainIndices: train, labels: dataset.labels, classCount: classCount, seed: scenario.seed)
    if let drawn {
      shards = .drawn(drawn)
      heldOut = []
    } else {
      let assigned = try scenario.data.partition.assign(
        trainIndices: train, labels: dataset.labels, classCount: classCount,
        clients: fleet.count, owners: dataset.owners, absentClasses: novel ?? [],
        seed: scenario.seed)
      let parts = scenario.evaluation.perClient.map { settings in
        assigned.enumerated().map {
          HeldOutSamples($1, share: settings.heldOut, client: $0, seed: scenario.seed)
        }
      }
      shards = .assigned(parts?.map(\.training) ?? assigned)
      heldOut = parts?.map(\.heldOut) ?? []
    }
    trainSamples = train
  }
}

extension EvaluationSettings {
  /// The labels of the novel classes; nil if there are none.
  ///
  /// - Throws: `ExperimentError` if the data lacks such a class, or has no other.
  fileprivate func novelLabels(among names: [String]) throws(ExperimentError) -> Set<Int>? {
    guard let novelClasses else { return nil }
    var labels: Set<Int> = []
    for name in novelClasses {
      guard let label = names.firstIndex(of: name) else {
        throw ExperimentError(
          "evaluation.novel_classes has \"\(name)\", which is not a class of the data; the classes are \(names.prefix(20).joined(separator: ", "))\(names.count > 20 ? ", ..." : "")"
        )
      }
      labels.insert(label)
    }
    guard names.count - labels.count >= 2 else {
      throw ExperimentError(
        "evaluation.novel_classes leaves \(names.count - labels.count) of \(names.count) classes for training; keep at least two"
      )
    }
    return labels
  }
}
