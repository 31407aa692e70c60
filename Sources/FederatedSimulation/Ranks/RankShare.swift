import Ranks
import Results
import Scenario

/// The run's other ranks, as used by its first rank.
package struct RankShare {
  let hub: RankHub
  /// The index of the sweep's combination; 0 without a sweep.
  var point = 0
  private let allowsDifferentKernels: Bool

  package init(_ hub: RankHub, allowsDifferentKernels: Bool) {
    self.hub = hub
    self.allowsDifferentKernels = allowsDifferentKernels
  }

  /// A copy for another combination of the sweep.
  package func at(_ point: Int) -> Self {
    var share = self
    share.point = point
    return share
  }

  /// Loads the run on all ranks, and checks that each has the same inputs as this one.
  ///
  /// - Throws: `ExperimentError` that names a rank that differs.
  func open(key: () throws -> [String: String]) throws -> String? {
    do {
      return try hub.open(point: point, allowsDifferentKernels: allowsDifferentKernels, key: key)
    } catch let fault as RankFault { throw ExperimentError(fault.description) }
  }

  /// For the manifest.
  var report: RankReport {
    let measures = hub.measures()
    let traffic = hub.traffic
    return RankReport(
      ranks: hub.places.enumerated().map { rank, place in
        RankReport.Rank(
          host: place.place.host, workers: place.workers,
          peakMemory: measures[rank]?.peakMemory,
          processorSeconds: measures[rank]?.processorSeconds,
          bytesToOthers: measures[rank]?.bytesToOthers)
      },
      sent: traffic.sent.mapValues { RankReport.Traffic(messages: $0.messages, bytes: $0.bytes) },
      received: traffic.received.mapValues {
        RankReport.Traffic(messages: $0.messages, bytes: $0.bytes)
      })
  }
}
