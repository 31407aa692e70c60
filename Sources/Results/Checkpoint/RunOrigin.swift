import Crypto
import Foundation
import Scenario
import Storage
import Tensors

/// What a run's results depend on, beside the machine's clock: the scenario, and the files and kernels that
/// it is run with.
package struct RunOrigin: Sendable {
  let scenarioDigest: String
  let dataFiles: [Manifest.File]
  let modelFiles: [Manifest.File]

  /// Complexity: reads all files once.
  ///
  /// - Parameters:
  ///   - dataFiles: those of the data set.
  ///   - modelFiles: those of the base, and of adapters that methods start from.
  /// - Throws: `ExperimentError` where one cannot be read.
  package init(
    _ scenario: Scenario, dataFiles: [URL], modelFiles: [URL]
  ) throws(ExperimentError) {
    scenarioDigest = scenario.digest
    self.dataFiles = try Self.files(dataFiles)
    self.modelFiles = try Self.files(modelFiles)
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

  /// What a checkpoint must have in common with the run that goes on from it.
  var identity: [String: String] {
    [
      "scenario": scenarioDigest,
      "version": FloraVersion.current,
      "format": Self.checkpointFormat,
      "data": Self.digest(dataFiles),
      "weights": Self.digest(modelFiles),
      "kernels": BLAS.kernels + (PackedWeight.pays ? ", packed products" : ""),
    ]
  }

  private static func digest(_ files: [Manifest.File]) -> String {
    SHA256.hash(data: Data(files.map(\.sha256).joined(separator: "\n").utf8)).hexadecimal
  }

  /// What sets a checkpoint's identity apart from this run's, as the end of a sentence; nil where nothing does.
  func difference(from other: [String: String]) -> String? {
    let own = identity
    let differing = ["scenario", "version", "format", "data", "weights", "kernels"].first {
      own[$0] != other[$0]
    }
    return switch differing {
    case nil: nil
    case "scenario": "belongs to another scenario"
    case "data": "belongs to a run on other data files"
    case "weights": "belongs to a run on other weights"
    case "kernels":
      "was written where matrix products are computed by other kernels (\(other["kernels"] ?? "unknown")), and going on from it here would give other last bits"
    default: "was written by another version of the program (\(other["version"] ?? "unknown"))"
    }
  }
}
