import Adaptation
import Crypto
import Foundation
import Scenario
import Storage
import Tensors

/// The inputs and environment of a run: enough to repeat it and to check whether anything differs.
package struct Manifest: Encodable {
  package struct File: Encodable, Sendable {
    let path: String
    let bytes: Int
    let sha256: String

    /// - Throws: if the file cannot be read.
    init(_ file: URL) throws {
      let data = try Data(contentsOf: file, options: .mappedIfSafe)
      path = file.path
      bytes = data.count
      sha256 = SHA256.hash(data: data).hexadecimal
    }
  }

  let scenario: Scenario
  /// The SHA-256 of the scenario's settings.
  let scenarioDigest: String
  let floraVersion: String
  let swiftVersion: String
  let platform: String
  let matrixProductKernels: String
  /// Whether products with packed operands used the package's own kernels.
  let packedProducts: Bool
  /// The runtime that determines the memory of devices with the scenario's plan.
  let runtime: DeviceRuntime
  let workers: Int
  /// The processes that shared the run; nil if there was only one.
  let ranks: RankReport?
  /// The number of events in all methods' simulations, including starts of tasks.
  let events: Int
  /// The class names in label order.
  let classNames: [String]
  let dataFiles: [File]
  let modelFiles: [File]
  /// The availability traces.
  let fleetFiles: [File]
  /// Identifies the results.
  let resultKey: [String: String]
  /// Nil if no method has a frozen vision tower.
  let imageFeatures: FeatureOrigin?
  let startedAt: Date
  /// For a resumed run, without the time in between.
  let wallTimeSeconds: Double

  /// The number of times the run was resumed from a checkpoint.
  let resumptions: Int

  /// - Parameters:
  ///   - classNames: the data set's class names in label order.
  ///   - imageFeatures: nil if no method has a frozen vision tower.
  package init(
    _ scenario: Scenario, classNames: [String], imageFeatures: FeatureOrigin?, _ origin: RunOrigin,
    _ run: RunCheckpoint<some SimulationCheckpoint>, workers: Int, ranks: RankReport? = nil
  ) {
    self.scenario = scenario
    scenarioDigest = origin.scenarioDigest
    floraVersion = FloraVersion.current
    swiftVersion = FloraVersion.compiler
    platform = ProcessInfo.processInfo.operatingSystemVersionString
    matrixProductKernels = BLAS.kernels
    packedProducts = PackedWeight.pays
    runtime = scenario.fleet.runtime(for: scenario.fleet.executionPlan)
    self.workers = workers
    self.ranks = ranks
    events = run.events
    self.classNames = classNames
    dataFiles = origin.dataFiles
    modelFiles = origin.modelFiles
    fleetFiles = origin.fleetFiles
    resultKey = origin.resultKey
    self.imageFeatures = imageFeatures
    startedAt = run.startedAt
    wallTimeSeconds = run.wallTime
    resumptions = run.resumptions
  }

  private enum CodingKeys: String, CodingKey {
    case scenario
    case scenarioDigest = "scenario_sha256"
    case floraVersion = "flora_version"
    case swiftVersion = "swift_version"
    case platform
    case matrixProductKernels = "matrix_product_kernels"
    case packedProducts = "packed_products"
    case runtime, workers, ranks, events, resumptions
    case classNames = "class_names"
    case dataFiles = "data_files"
    case modelFiles = "model_files"
    case fleetFiles = "fleet_files"
    case resultKey = "result_key"
    case imageFeatures = "image_features"
    case startedAt = "started_at"
    case wallTimeSeconds = "wall_time_s"
  }
}

/// The origin of a run's image features, for its manifest.
package struct FeatureOrigin: Encodable, Sendable {
  /// The number of samples whose features the run needed, and the number of those that were cached.
  let samples: Int
  let fromCache: Int
  /// Nil if the run did not use the cache.
  let cacheKey: String?

  package init(samples: Int, fromCache: Int, cacheKey: String?) {
    self.samples = samples
    self.fromCache = fromCache
    self.cacheKey = cacheKey
  }

  private enum CodingKeys: String, CodingKey {
    case samples
    case fromCache = "from_cache"
    case cacheKey = "cache_key"
  }
}
