import Storage

/// The rows of participants.csv and missing_data.csv.
extension FleetSurvey {
  static let participantsHeader = [
    "method", "seed", "device_class", "devices", "excluded_devices", "excluded_share",
    "adapted_devices", "fallbacks",
  ]

  static let missingDataHeader = [
    "method", "seed", "data_class", "samples", "missing_samples", "missing_share",
  ]

  func participants(method: String, seed: UInt64) -> [[String]] {
    groups.map { group in
      [
        method, "\(seed)", group.deviceClass, "\(group.devices)", "\(group.excluded)",
        group.devices > 0 ? (Double(group.excluded) / Double(group.devices)).decimalText : "",
        "\(group.adapted)",
        group.fallbacks.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
          .joined(separator: " "),
      ]
    }
  }

  func missingData(method: String, seed: UInt64) -> [[String]] {
    data.map { data in
      [
        method, "\(seed)", data.className, "\(data.samples)", "\(data.missing)",
        data.samples > 0 ? data.missingShare.decimalText : "",
      ]
    }
  }
}
