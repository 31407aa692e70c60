/// A device that could take part in a round, as seen by a selection policy.
///
/// A policy reads only the properties that it needs, once each, so that a conforming type can
/// compute them on demand.
public protocol SelectionCandidate {
  var id: Int { get }
  /// The number of samples that it would train on.
  var samples: Int { get }
  /// The index of its device class.
  var deviceClass: Int { get }
  /// The server's estimate of the seconds from selection to the arrival of the update.
  var estimatedSeconds: Double { get }
  var fitsMemory: Bool { get }
}
