/// A signal that asks a run to stop early.
package protocol StopSignal: Sendable {
  /// Checked before every event.
  var isRequested: Bool { get }

  /// Tells whether the run is listening; stopping it while it is not loses nothing.
  func listen(_ isListening: Bool)

  /// Acknowledges the request; the run then writes a checkpoint.
  func answer()
}
