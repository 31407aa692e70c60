import Crypto
import Foundation
import Storage
import Tensors

/// What a run was made from: enough to run it again and to see whether anything differs.
package struct Manifest: Encodable {
  package struct File: Encodable, Sendable {
    let path: String
    let bytes: Int
    let sha256: String

    /// - Throws: where the file cannot be read.
    init(_ file: URL) throws {
      let data = try Data(contentsOf: file, options: .mappedIfSafe)
      path = file.path
      bytes = data.count
      sha256 = SHA256.hash(data: data).hexadecimal
    }
  }

  let scenario: Scenario
  /// By which a run of the same scenario is known again.
  let scenarioDigest: String
  let floraVersion: String
  let swiftVersion: String
  let platform: String
  let matrixProductKernels: String
  /// Whether products with packed operands ran by kernels of the package's own.
  let packedProducts: Bool
  let workers: Int
  /// Events of all methods' simulations, starts of tasks among them.
  let events: Int
  /// What the classes are called, in the order of their labels.
  let classNames: [String]
  let dataFiles: [File]
  let modelFiles: [File]
  /// Nil where no method has a frozen vision tower.
  let imageFeatures: FeatureOrigin?
  let startedAt: Date
  /// Of a run that was resumed, without the time in between.
  let wallTimeSeconds: Double

  /// How often the run has gone on from a checkpoint.
  let resumptions: Int

  init(_ experiment: Experiment, _ origin: RunOrigin, _ record: RunRecord, workers: Int) {
    scenario = experiment.scenario
    scenarioDigest = origin.scenarioDigest
    floraVersion = FloraVersion.current
    swiftVersion = FloraVersion.compiler
    platform = ProcessInfo.processInfo.operatingSystemVersionString
    matrixProductKernels = BLAS.kernels
    packedProducts = PackedWeight.pays
    self.workers = workers
    events = record.events
    classNames = experiment.dataset.classNames
    dataFiles = origin.dataFiles
    modelFiles = origin.modelFiles
    imageFeatures = experiment.featureOrigin
    startedAt = record.startedAt
    wallTimeSeconds = record.wallTime
    resumptions = record.resumptions
  }

  private enum CodingKeys: String, CodingKey {
    case scenario
    case scenarioDigest = "scenario_sha256"
    case floraVersion = "flora_version"
    case swiftVersion = "swift_version"
    case platform
    case matrixProductKernels = "matrix_product_kernels"
    case packedProducts = "packed_products"
    case workers, events, resumptions
    case classNames = "class_names"
    case dataFiles = "data_files"
    case modelFiles = "model_files"
    case imageFeatures = "image_features"
    case startedAt = "started_at"
    case wallTimeSeconds = "wall_time_s"
  }
}
