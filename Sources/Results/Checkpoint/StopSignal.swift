/// Whether a run is to stop before its end.
package protocol StopSignal: Sendable {
  /// Asked before every event.
  var isRequested: Bool { get }

  /// The run listens from now on, or no longer: stopping it at another time would lose nothing.
  func listen(_ isListening: Bool)

  /// The run has understood, and writes down how far it has come.
  func answer()
}
