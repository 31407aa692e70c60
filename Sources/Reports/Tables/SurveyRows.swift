/// A row of participants.csv: the devices of a class, and those excluded from a method for
/// insufficient memory.
struct ParticipantRow: TableRecord {
  let method: String
  let deviceClass: String
  let devices: Int
  let excluded: Int
  /// The number of devices that need a fallback to fit their memory.
  let adapted: Int

  static let requiredColumns = ["method", "device_class", "devices", "excluded_devices"]

  init(_ row: CSVRow) throws {
    method = row.text("method")
    deviceClass = row.text("device_class")
    devices = try row.integer("devices")
    excluded = try row.integer("excluded_devices")
    adapted = try row.optionalInteger("adapted_devices") ?? 0
    guard 0...devices ~= excluded else { throw row.fault("more devices are excluded than exist") }
  }
}

/// A row of missing_data.csv: the samples of one class of the data on excluded devices.
struct MissingDataRow: TableRecord {
  let method: String
  let dataClass: String
  let samples: Int
  let missing: Int

  static let requiredColumns = ["method", "data_class", "samples", "missing_samples"]

  init(_ row: CSVRow) throws {
    method = row.text("method")
    dataClass = row.text("data_class")
    samples = try row.integer("samples")
    missing = try row.integer("missing_samples")
    guard 0...samples ~= missing else { throw row.fault("more samples are missing than exist") }
  }

  var share: Double { samples > 0 ? Double(missing) / Double(samples) : 0 }
}
