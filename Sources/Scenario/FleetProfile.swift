import Configuration
import Fleet
import Foundation

/// A fleet that ships with the package, whose file gives each figure's source or calls it assumed.
public enum FleetProfile: String, Codable, Sendable, CaseIterable {
  case phones2025 = "phones-2025"
  case phones2019 = "phones-2019"
  case edgeGateways = "edge-gateways"
  case crossSilo = "cross-silo"

  /// How many devices there are where the scenario does not say.
  var devices: Int {
    switch self {
    case .phones2025, .phones2019: 1000
    case .edgeGateways: 100
    case .crossSilo: 10
    }
  }

  /// The file that describes the classes, as a scenario's `fleet:` does.
  var file: URL {
    guard let folder = Bundle.module.resourceURL else {
      preconditionFailure("the package's resources are in its bundle")
    }
    return folder.appending(path: "Fleets/\(rawValue).yaml")
  }

  /// - Throws: `ConfigurationError` where the package's own file is missing or faulty.
  func classes() throws(ConfigurationError) -> [DeviceClass] {
    try ConfigurationDocument(file: file).read { root in
      root.sections("classes").map { DeviceClass($0) }
    }
  }
}
