import Fleet
import Foundation
import Storage

/// Opens the files that describe the scenario's devices.
extension Scenario {
  /// The scenario's devices, drawn or as their table gives them.
  ///
  /// - Throws: `TableFault` where a file cannot be read; `FleetFault` where the fleet cannot exist; `ExperimentError`
  ///   where the server knows nothing of what a table gives.
  package func openFleet() throws -> Fleet {
    var traces: [String: BandwidthTrace] = [:]
    for trace in fleet.classes.compactMap(\.bandwidthTrace) where traces[trace] == nil {
      traces[trace] = try BandwidthTrace(csv: resolve(trace))
    }
    guard let table = fleet.devicesTable else {
      return try Fleet(
        count: fleet.devices ?? 0, classes: fleet.classes, seed: seed, traces: traces)
    }
    let devices = try RecordedDevices(
      csv: resolve(table), classes: fleet.classes.map { $0.withMeanRates(of: traces) })
    if server.transport.tcp == nil, devices.givesLoss {
      throw ExperimentError(
        "\(resolve(table).path) gives packet loss, which only the tcp transport models; write transport: tcp, or remove loss"
      )
    }
    return Fleet(devices, classes: fleet.classes, seed: seed, traces: traces)
  }

  /// When devices of a fleet are offline together; nil where they never are.
  ///
  /// - Parameter groups: ways to part the fleet beside its classes, such as by edge aggregators.
  /// - Throws: `TableFault` where the file cannot be read.
  package func openOutages(
    of fleet: Fleet, groups: [any DeviceGroups] = []
  ) throws(TableFault) -> Outages? {
    guard let file = self.fleet.outages else { return nil }
    return try Outages(csv: resolve(file), known: [ClassGroups(fleet)] + groups)
  }
}
