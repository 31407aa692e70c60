import Crypto
import Datasets
import Foundation
import Scenario
import Storage
import Tensors

/// What a run's results depend on, except wall time: the scenario, its files and the kernels.
package struct RunOrigin: Sendable {
  let scenarioDigest: String
  let dataFiles: [Manifest.File]
  let modelFiles: [Manifest.File]
  /// The files that define the fleet: devices and recordings of them.
  let fleetFiles: [Manifest.File]
  /// What defines the samples besides the files' bytes: classes, their names, and the parts.
  private let labels: String

  /// - Complexity: reads all files once.
  ///
  /// - Parameters:
  ///   - modelFiles: the files of the base, and of adapters that methods start from.
  /// - Throws: `ExperimentError` if a file cannot be read.
  package init(
    _ scenario: Scenario, _ dataset: ImageDataset, modelFiles: [URL]
  ) throws(ExperimentError) {
    scenarioDigest = scenario.digest
    dataFiles = try Self.files(dataset.sourceFiles)
    self.modelFiles = try Self.files(modelFiles)
    fleetFiles = try Self.files(
      (scenario.fleet.files + (scenario.server.topology?.assignment.files ?? []))
        .map(scenario.resolve))
    labels = Self.digest(
      dataset.classNames + dataset.partCounts.map(String.init) + dataset.labels.map(String.init)
        + (dataset.owners.map { $0.names + $0.ofSamples.map(String.init) } ?? []))
  }

  private static func files(_ urls: [URL]) throws(ExperimentError) -> [Manifest.File] {
    var files: [Manifest.File] = []
    for url in urls {
      do { files.append(try Manifest.File(url)) } catch {
        throw ExperimentError(
          "\(url.path) cannot be read: \(FileFault(url, error)?.reason ?? error.localizedDescription)"
        )
      }
    }
    return files
  }

  /// Everything that results depend on: runs with equal keys write the same tables.
  package var resultKey: [String: String] {
    [
      "scenario": scenarioDigest,
      "version": FloraVersion.current,
      "data": Self.digest([labels] + dataFiles.map(\.sha256)),
      "weights": Self.digest(modelFiles.map(\.sha256)),
      "trace": Self.digest(fleetFiles.map(\.sha256)),
      "kernels": BLAS.kernels + (PackedWeight.pays ? ", packed products" : ""),
    ]
  }

  /// What a checkpoint must have in common with the run that resumes from it.
  var identity: [String: String] {
    resultKey.merging(["format": Self.checkpointFormat]) { $1 }
  }

  private static func digest(_ texts: [String]) -> String {
    SHA256.hash(data: Data(texts.joined(separator: "\n").utf8)).hexadecimal
  }

  /// The difference between a checkpoint's identity and this run's, as the end of a sentence; nil
  /// if they match.
  func difference(from other: [String: String]) -> String? {
    let own = identity
    let differing = ["scenario", "version", "format", "data", "weights", "trace", "kernels"].first {
      own[$0] != other[$0]
    }
    return switch differing {
    case nil: nil
    case "scenario": "belongs to another scenario"
    case "data": "belongs to a run with different data files"
    case "weights": "belongs to a run with different weights or model files"
    case "trace":
      "belongs to a run with different files of devices, availability, bandwidth, outages or edges"
    case "kernels":
      "was written with different matrix-product kernels (\(other["kernels"] ?? "unknown")); resuming from it here would change the last bits of results"
    default: "was written by another version of the program (\(other["version"] ?? "unknown"))"
    }
  }
}
