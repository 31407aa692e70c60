import Adaptation
import Crypto
import Foundation
import Scenario
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
  /// The SHA-256 of what the scenario says.
  let scenarioDigest: String
  let floraVersion: String
  let swiftVersion: String
  let platform: String
  let matrixProductKernels: String
  /// Whether products with packed operands ran by kernels of the package's own.
  let packedProducts: Bool
  /// The program whose memory the devices have that run the scenario's plan.
  let runtime: DeviceRuntime
  let workers: Int
  /// The processes that shared the run; nil where there was one.
  let ranks: RankReport?
  /// Events of all methods' simulations, starts of tasks among them.
  let events: Int
  /// What the classes are called, in the order of their labels.
  let classNames: [String]
  let dataFiles: [File]
  let modelFiles: [File]
  /// Recordings of devices.
  let fleetFiles: [File]
  /// By which the results are known again.
  let resultKey: [String: String]
  /// Nil where no method has a frozen vision tower.
  let imageFeatures: FeatureOrigin?
  let startedAt: Date
  /// Of a run that was resumed, without the time in between.
  let wallTimeSeconds: Double

  /// How often the run has gone on from a checkpoint.
  let resumptions: Int

  /// - Parameters:
  ///   - classNames: of the data set, in the order of its labels.
  ///   - imageFeatures: nil where no method has a frozen vision tower.
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

/// Where the image features of a run came from, as its manifest tells it.
package struct FeatureOrigin: Encodable, Sendable {
  /// How many samples' features the run needed, and how many of them earlier runs had computed.
  let samples: Int
  let fromCache: Int
  /// Nil where the run was told to do without the cache.
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
