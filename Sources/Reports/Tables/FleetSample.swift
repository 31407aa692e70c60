import Foundation

/// The devices of fleet.csv, by class: of a larger fleet, its first hundred thousand.
struct FleetSample {
  let devices: Int
  /// In the order in which they first came.
  let deviceClasses: [String]
  private let values: [String: [DeviceMeasure: [Double]]]

  /// Nil where there is no such file, or no device in it.
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
