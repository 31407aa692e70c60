/// A row of fleet.csv: a drawn device.
struct DeviceRow: TableRecord {
  let deviceClass: String
  private let values: [DeviceMeasure: Double]

  static let requiredColumns = ["device", "device_class"] + DeviceMeasure.allCases.map(\.rawValue)

  init(_ row: CSVRow) throws {
    deviceClass = row.text("device_class")
    var values: [DeviceMeasure: Double] = [:]
    for measure in DeviceMeasure.allCases { values[measure] = try row.number(measure.rawValue) }
    self.values = values
  }

  subscript(_ measure: DeviceMeasure) -> Double { values[measure]! }
}

/// The measures of fleet.csv, by column name.
enum DeviceMeasure: String, CaseIterable {
  case compute = "compute_flops_per_s"
  case memory = "memory_bytes"
  case download = "download_bps"
  case upload = "upload_bps"
  case rtt = "rtt_s"

  var title: String {
    switch self {
    case .compute: "Compute"
    case .memory: "Memory"
    case .download: "Download"
    case .upload: "Upload"
    case .rtt: "Round trip"
    }
  }

  var quantity: Quantity {
    switch self {
    case .compute: .operationsPerSecond
    case .memory: .bytes
    case .download, .upload: .bitsPerSecond
    case .rtt: .seconds
    }
  }
}
