import Foundation

/// The devices of fleet.csv by class, limited to the first hundred thousand of a larger fleet.
struct FleetSample {
  let devices: Int
  /// In order of first occurrence.
  let deviceClasses: [String]
  private let values: [String: [DeviceMeasure: [Double]]]

  /// Nil if there is no such file, or it contains no devices.
  init?(_ file: URL) throws {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    var classes: [String] = []
    var values: [String: [DeviceMeasure: [Double]]] = [:]
    var devices = 0
    try DeviceRow.forEach(in: file) { device, _ in
      devices += 1
      if values[device.deviceClass] == nil { classes.append(device.deviceClass) }
      for measure in DeviceMeasure.allCases {
        values[device.deviceClass, default: [:]][measure, default: []].append(device[measure])
      }
    }
    guard devices > 0 else { return nil }
    self.devices = devices
    deviceClasses = classes
    self.values = values
  }

  func quantiles(_ measure: DeviceMeasure, of deviceClass: String) -> Quantiles? {
    values[deviceClass]?[measure].map(Quantiles.init)
  }
}
