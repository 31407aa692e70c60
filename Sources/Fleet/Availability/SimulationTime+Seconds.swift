import EventSimulation

extension SimulationTime {
  /// The instant that a user's table gives in seconds since the start of the run, rounded to nanoseconds; nil unless
  /// the text is a number from 0 to below 9e9, the largest that a clock of nanoseconds can hold.
  init?(seconds text: String) {
    guard let seconds = Double(text), (0..<9e9).contains(seconds) else { return nil }
    self.init(nanoseconds: Int64((seconds * 1e9).rounded()))
  }
}
