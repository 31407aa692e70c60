import Foundation
import Synchronization

@testable import FederatedSimulation
@testable import Results

/// A run that is stopped repeatedly, and resumed each time from its checkpoint.
struct InterruptedRun {
  /// All final files except the manifest, by path.
  let results: [String: Data]
  /// How often it was resumed.
  let resumptions: Int

  /// - Parameter interval: the number of events between stops, a few more each time.
  init(_ experiment: Experiment, every interval: Int, cache: FeatureCache? = nil) throws {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "flora-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    var resumptions = 0
    while true {
      let stop = CountingStop(after: interval + resumptions % 3)
      var run = ExperimentRun(
        experiment, workers: 2, cache: cache, stop: stop, SilentObserver())
      do {
        _ = try run.run(into: directory, .required)
        break
      } catch is RunInterruption {
        resumptions += 1
      }
    }
    self.resumptions = resumptions
    results = try TemporaryRun.files(in: directory).filter { $0.key != "manifest.json" }
  }
}

/// Stops a run after a number of stop checks.
final class CountingStop: StopSignal {
  private let left: Atomic<Int>

  init(after count: Int) { left = Atomic(count) }

  var isRequested: Bool { left.subtract(1, ordering: .relaxed).newValue < 0 }

  func listen(_ isListening: Bool) {}

  func answer() {}
}

struct SilentObserver: ProgressObserver {
  func observe(_ progress: RunProgress) {}
}
