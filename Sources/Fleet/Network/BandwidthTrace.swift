import EventSimulation
import Foundation
import Randomness
import Storage

/// The recorded rates of a link in both directions over time, repeated cyclically.
public struct BandwidthTrace: Hashable, Sendable {
  package let download: BandwidthProfile
  package let upload: BandwidthProfile

  package init(download: BandwidthProfile, upload: BandwidthProfile) {
    precondition(download.period == upload.period, "both ways have one cycle")
    self.download = download
    self.upload = upload
  }

  var period: SimulationDuration { download.period }

  private static let columns = ["seconds", "down_mbps", "up_mbps"]

  /// Reads a CSV file `seconds,down_mbps,up_mbps`: each row's rates hold from its time, relative to
  /// the first row, until the next row.
  ///
  /// A last row without rates marks the end of the cycle. Without one, the last rates hold for as
  /// long as those before them; a single row is a constant.
  package init(csv file: URL) throws(TableFault) {
    var table = try CSVTable(file, of: "bandwidth trace", required: Self.columns)
    let places = Self.columns.map { table.place(of: $0)! }
    var rows: [(seconds: Double, down: Int, up: Int)] = []
    var end: Double?
    while let row = try table.next() {
      let fields = places.map { row.fields[$0] }
      guard end == nil else {
        throw table.fault(
          at: row.line, "a row follows the row without rates, which must be the last; remove it")
      }
      guard let seconds = Double(fields[0]), (0..<Self.mostSeconds).contains(seconds),
        rows.last.map({ $0.seconds < seconds }) ?? true
      else {
        throw table.fault(
          at: row.line,
          "expected seconds that ascend from row to row, found \"\(fields[0].prefix(60))\"")
      }
      if fields[1].isEmpty, fields[2].isEmpty, !rows.isEmpty {
        end = seconds
        continue
      }
      guard let down = Self.rate(fields[1]), let up = Self.rate(fields[2]) else {
        throw table.fault(
          at: row.line,
          "expected rates in Mbit/s from 0 to 100000000, found \"\(fields[1].prefix(30))\" and \"\(fields[2].prefix(30))\""
        )
      }
      rows.append((seconds, down, up))
    }
    guard let first = rows.first, let last = rows.last else {
      throw TableFault("\(file.path) contains no rates")
    }
    for (column, rates) in [("down_mbps", rows.map(\.down)), ("up_mbps", rows.map(\.up))]
    where rates.allSatisfy({ $0 == 0 }) {
      throw TableFault(
        "\(file.path): \(column) is 0 in all rows, so no transfer would ever end; give at least one rate above 0"
      )
    }
    let lastSpan = rows.count > 1 ? last.seconds - rows[rows.count - 2].seconds : 1
    let period = Self.time((end ?? last.seconds + lastSpan) - first.seconds)
    let starts = rows.map { Self.time($0.seconds - first.seconds) }
    guard zip(starts, starts.dropFirst() + [period]).allSatisfy({ $0 < $1 }) else {
      throw TableFault("\(file.path): rows must be at least a nanosecond apart")
    }
    self.init(
      download: BandwidthProfile(
        zip(starts, rows).map { ($0, $1.down) }, period: period),
      upload: BandwidthProfile(zip(starts, rows).map { ($0, $1.up) }, period: period))
  }

  private static let mostSeconds = 1e9

  private static func time(_ seconds: Double) -> SimulationDuration {
    SimulationDuration(nanoseconds: Int64((seconds * 1e9).rounded()))
  }

  private static func rate(_ text: String) -> Int? {
    guard let rate = Double(text), (0...1e8).contains(rate) else { return nil }
    return Int((rate * 1e6).rounded())
  }
}

/// The bandwidth of a fleet's devices: each follows its class's trace with its own offset.
///
/// A trace is stored once, whatever the number of devices. A device's offset is a pure function of
/// the seed and its id.
package struct FleetBandwidth: Sendable {
  /// By class; nil if its rates are constant.
  private let traces: [BandwidthTrace?]
  private let seed: UInt64

  /// - Returns: nil if no class has a trace.
  package init?(_ traces: [BandwidthTrace?], seed: UInt64) {
    guard traces.contains(where: { $0 != nil }) else { return nil }
    self.traces = traces
    self.seed = seed
  }

  /// A device's offset in its trace, drawn uniformly; nil if its class has none.
  package func offset(of device: Int, inClass classIndex: Int) -> SimulationDuration? {
    guard let trace = traces[classIndex] else { return nil }
    var stream = RandomStream(seed: seed, purpose: "bandwidth offset", device)
    return SimulationDuration(
      nanoseconds: Int64(stream.integer(below: Int(trace.period.nanoseconds))))
  }

  /// A device's own link in a phase's direction; nil for training, and if its rate is constant.
  package func link(
    of device: Int, inClass classIndex: Int, for phase: TaskPhase
  ) -> DeviceBandwidth? {
    guard let trace = traces[classIndex], let offset = offset(of: device, inClass: classIndex)
    else { return nil }
    switch phase {
    case .download: return DeviceBandwidth(trace.download, offset: offset)
    case .upload: return DeviceBandwidth(trace.upload, offset: offset)
    case .training: return nil
    }
  }

  /// Whether a class has a trace.
  package func isTraced(_ classIndex: Int) -> Bool { traces[classIndex] != nil }
}
