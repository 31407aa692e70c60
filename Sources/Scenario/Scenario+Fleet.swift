import Fleet
import Foundation
import Storage

/// Opens the files that describe the scenario's devices.
extension Scenario {
  /// The scenario's devices, drawn or listed in their table.
  ///
  /// - Throws: `TableFault` if a file cannot be read; `FleetFault` if the fleet is invalid;
  ///   `ExperimentError` if the table contains packet loss, which the transport does not model.
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

  /// When devices of a fleet are offline together; nil if never.
  ///
  /// - Parameter groups: ways to group the fleet besides its classes, such as by edge aggregators.
  /// - Throws: `TableFault` if the file cannot be read.
  package func openOutages(
    of fleet: Fleet, groups: [any DeviceGroups] = []
  ) throws(TableFault) -> Outages? {
    guard let file = self.fleet.outages else { return nil }
    return try Outages(csv: resolve(file), known: [ClassGroups(fleet)] + groups)
  }
}
