import EventSimulation

/// A quantity that a table of devices may give in a column.
///
/// Values are stored as whole base units, or as the bits of a fraction.
package enum RecordedQuantity: String, CaseIterable, Sendable {
  case compute = "compute_flops_per_s"
  case memory = "memory_bytes"
  case download = "download_bps"
  case upload = "upload_bps"
  case rtt = "rtt_s"
  case dropout
  case jitter = "jitter_s"
  case memoryBandwidth = "memory_bandwidth_bytes_per_s"
  case kernelOverhead = "kernel_overhead_s"
  case bfloat16Compute = "bfloat16_flops_per_s"
  case loss
  case hazardDownload = "hazard_download_per_h"
  case hazardTraining = "hazard_training_per_h"
  case hazardUpload = "hazard_upload_per_h"
  case heatAfter = "heat_after_s"
  case heatSpeed = "heat_speed"
  case computingPower = "computing_w"
  case sendingPower = "sending_w"
  case receivingPower = "receiving_w"
  case idlePower = "idle_w"
  case battery = "battery_j"
  case batteryReserve = "battery_reserve"

  /// The columns of every table of devices.
  package static let standard = allCases.prefix(9)

  /// A field's format: a unit and a minimum, both in base units, or the range of a fraction.
  private enum Form {
    case units(Int, least: Int)
    case fraction(ClosedRange<Double>)
  }

  private var form: Form {
    switch self {
    case .compute, .bfloat16Compute, .download, .upload, .memoryBandwidth: .units(1, least: 1)
    case .memory: .units(1, least: ByteCount.smallest.baseUnits)
    case .rtt, .jitter, .kernelOverhead, .heatAfter: .units(1_000_000_000, least: 0)
    case .computingPower, .sendingPower, .receivingPower, .idlePower: .units(1_000_000, least: 0)
    case .battery: .units(1_000_000, least: 1)
    case .dropout, .batteryReserve: .fraction(0...1)
    case .loss: .fraction(0...PacketLoss.most.probability)
    case .hazardDownload, .hazardTraining, .hazardUpload: .fraction(0...1e6)
    case .heatSpeed: .fraction(1e-3...1)
    }
  }

  /// The expected field, for error messages.
  package var expectation: String {
    switch form {
    case .units(_, let least): least > 0 ? "a number above 0" : "a number of at least 0"
    case .fraction(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  /// The stored form of a field; nil if it is invalid for this quantity.
  func number(_ text: String) -> Int? {
    switch form {
    case .units(1, let least):
      if let whole = Int(text) { return whole >= least ? whole : nil }
      fallthrough
    case .units:
      guard case .units(let factor, let least) = form, let value = Double(text), value.isFinite,
        let whole = Int(exactly: (value * Double(factor)).rounded()), whole >= least
      else { return nil }
      return whole
    case .fraction(let range):
      guard let value = Double(text), range.contains(value) else { return nil }
      // Negative zero would be read as a missing value.
      return Int(bitPattern: UInt(abs(value).bitPattern))
    }
  }

  /// A device's value as a field; nil if it has none.
  package func text(of profile: DeviceProfile) -> String? {
    switch self {
    case .compute: "\(profile.compute.operationsPerSecond)"
    case .memory: "\(profile.memory.bytes)"
    case .download: "\(profile.download.bitsPerSecond)"
    case .upload: "\(profile.upload.bitsPerSecond)"
    case .rtt: Self.decimals(profile.rtt)
    case .dropout: "\(profile.dropout)"
    case .jitter: Self.decimals(profile.jitter)
    case .memoryBandwidth: profile.memoryBandwidth.map { "\($0.bytesPerSecond)" }
    case .kernelOverhead: Self.decimals(profile.kernelOverhead)
    case .bfloat16Compute: profile.bfloat16Compute.map { "\($0.operationsPerSecond)" }
    case .loss: profile.loss.map { "\($0.probability)" }
    case .hazardDownload: profile.hazard == .none ? nil : "\(profile.hazard.download)"
    case .hazardTraining: profile.hazard == .none ? nil : "\(profile.hazard.training)"
    case .hazardUpload: profile.hazard == .none ? nil : "\(profile.hazard.upload)"
    case .heatAfter: profile.heat.map { Self.decimals($0.after) }
    case .heatSpeed: profile.heat.map { "\($0.speed)" }
    case .computingPower: profile.power.map { Self.decimals($0.computing.microwatts, of: 6) }
    case .sendingPower: profile.power.map { Self.decimals($0.sending.microwatts, of: 6) }
    case .receivingPower: profile.power.map { Self.decimals($0.receiving.microwatts, of: 6) }
    case .idlePower: profile.power.map { Self.decimals($0.idle.microwatts, of: 6) }
    case .battery: profile.battery.map { Self.decimals($0.capacity.microjoules, of: 6) }
    case .batteryReserve: profile.battery.map { "\($0.reserve)" }
    }
  }

  private static func decimals(_ duration: SimulationDuration) -> String {
    decimals(Int(duration.nanoseconds), of: 9)
  }

  /// A number of billionths or millionths, written with the corresponding decimals.
  private static func decimals(_ number: Int, of places: Int) -> String {
    let one = (0..<places).reduce(1) { product, _ in 10 * product }
    let fraction = String(number % one)
    return "\(number / one)." + String(repeating: "0", count: places - fraction.count) + fraction
  }
}

extension DeviceProfile {
  /// Sets a quantity to a table's value; the others of a part that the class lacks start at zero.
  mutating func set(_ quantity: RecordedQuantity, to number: Int) {
    var fraction: Double { Double(bitPattern: UInt64(UInt(bitPattern: number))) }
    func power(_ field: WritableKeyPath<PowerUse, Power>) {
      var use =
        self.power ?? PowerUse(computing: .zero, sending: .zero, receiving: .zero, idle: .zero)
      use[keyPath: field] = Power(microwatts: number)
      self.power = use
    }
    switch quantity {
    case .compute: compute = ComputeRate(number)
    case .memory: memory = ByteCount(number)
    case .download: download = BitRate(number)
    case .upload: upload = BitRate(number)
    case .rtt: rtt = SimulationDuration(baseUnits: number)
    case .dropout: dropout = fraction
    case .jitter: jitter = SimulationDuration(baseUnits: number)
    case .memoryBandwidth: memoryBandwidth = MemoryBandwidth(number)
    case .kernelOverhead: kernelOverhead = SimulationDuration(baseUnits: number)
    case .bfloat16Compute: bfloat16Compute = ComputeRate(number)
    case .loss: loss = PacketLoss(fraction)
    case .hazardDownload: hazard.download = fraction
    case .hazardTraining: hazard.training = fraction
    case .hazardUpload: hazard.upload = fraction
    case .heatAfter:
      heat = HeatLimit(after: SimulationDuration(baseUnits: number), speed: heat?.speed ?? 1)
    case .heatSpeed: heat = HeatLimit(after: heat?.after ?? .zero, speed: fraction)
    case .computingPower: power(\.computing)
    case .sendingPower: power(\.sending)
    case .receivingPower: power(\.receiving)
    case .idlePower: power(\.idle)
    case .battery:
      battery = Battery(
        capacity: Energy(microjoules: number), reserve: battery?.reserve ?? 0)
    case .batteryReserve:
      battery?.reserve = fraction
    }
  }
}
