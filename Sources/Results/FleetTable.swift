import Datasets
import Fleet
import Scenario
import Storage

/// The drawn devices as CSV, one line each.
package struct FleetTable {
  package let count: Int
  private let fleet: Fleet

  /// - Throws: `FleetFault` where the scenario's fleet cannot exist.
  package init(_ scenario: Scenario) throws(FleetFault) {
    self.init(
      try Fleet(
        count: scenario.fleet.devices, classes: scenario.fleet.classes, seed: scenario.seed))
  }

  package init(_ fleet: Fleet) {
    self.fleet = fleet
    count = fleet.count
  }

  /// The names of the columns, with the line's end.
  package var header: String {
    CSVFile.line([
      "device", "device_class", "compute_flops_per_s", "memory_bytes", "download_bps",
      "upload_bps", "rtt_s", "dropout", "jitter_s", "memory_bandwidth_bytes_per_s",
      "kernel_overhead_s",
    ])
  }

  /// The line of device `id`.
  package func row(_ id: Int) -> String {
    let profile = fleet.profile(of: id)
    return CSVFile.line([
      "\(id)", profile.className, "\(profile.compute.operationsPerSecond)",
      "\(profile.memory.bytes)", "\(profile.download.bitsPerSecond)",
      "\(profile.upload.bitsPerSecond)", profile.rtt.decimalSeconds, profile.dropout.decimalText,
      profile.jitter.decimalSeconds,
      profile.memoryBandwidth.map { "\($0.bytesPerSecond)" } ?? "",
      profile.kernelOverhead.decimalSeconds,
    ])
  }
}
