import EventSimulation

/// How long a device waits for the first byte of each of its two transfers in a task.
package struct TransferLatency: Hashable, Codable, Sendable {
  package var download: SimulationDuration
  package var upload: SimulationDuration

  package init(download: SimulationDuration, upload: SimulationDuration) {
    self.download = download
    self.upload = upload
  }
}
