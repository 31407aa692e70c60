import Ranks
import Results
import Scenario

/// The other ranks of a run, as the run's first rank uses them.
package struct RankShare {
  let hub: RankHub
  /// The number of the combination of the sweep; 0 where there is no sweep.
  var point = 0
  private let allowsDifferentKernels: Bool

  package init(_ hub: RankHub, allowsDifferentKernels: Bool) {
    self.hub = hub
    self.allowsDifferentKernels = allowsDifferentKernels
  }

  /// The same for another combination of the sweep.
  package func at(_ point: Int) -> Self {
    var share = self
    share.point = point
    return share
  }

  /// Has all ranks load the run, and checks that each has what this one has.
  ///
  /// - Throws: `ExperimentError` that names the rank that has not.
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
          processorSeconds: measures[rank]?.processorSeconds)
      },
      sent: traffic.sent.mapValues { RankReport.Traffic(messages: $0.messages, bytes: $0.bytes) },
      received: traffic.received.mapValues {
        RankReport.Traffic(messages: $0.messages, bytes: $0.bytes)
      })
  }
}
