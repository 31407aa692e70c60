import Configuration
import Fleet
import Foundation

/// A bundled fleet. Its file cites the source of each value or marks it as
/// assumed.
public enum FleetProfile: String, Codable, Sendable, CaseIterable {
  case phones2025 = "phones-2025"
  case phones2019 = "phones-2019"
  case edgeGateways = "edge-gateways"
  case crossSilo = "cross-silo"

  /// The default number of devices.
  var devices: Int {
    switch self {
    case .phones2025, .phones2019: 1000
    case .edgeGateways: 100
    case .crossSilo: 10
    }
  }

  /// The file that describes the classes in the format of a scenario's `fleet:`.
  var file: URL {
    guard let folder = Bundle.module.resourceURL else {
      preconditionFailure("the package's resources are in its bundle")
    }
    return folder.appending(path: "Fleets/\(rawValue).yaml")
  }

  /// - Throws: `ConfigurationError` if the package's own file is missing or invalid.
  func classes() throws(ConfigurationError) -> [DeviceClass] {
    try ConfigurationDocument(file: file).read { root in
      root.sections("classes").map { DeviceClass($0) }
    }
  }
}
