import EventSimulation
import Foundation
import Storage

extension AvailabilityTrace {
  private static let columns = ["device", "start_s", "end_s"]

  /// Reads a CSV file with the columns `device`, `start_s` and `end_s`: one session per row, in
  /// seconds from the start of the run.
  ///
  /// A device is a number in the fleet, from 0, or any name. The order of rows does not matter.
  ///
  /// - Parameter assignment: nil for by number if all devices are whole numbers, otherwise in turn.
  package init(
    csv file: URL, assignment: Assignment? = nil, period: SimulationDuration?
  ) throws(TableFault) {
    var table = try CSVTable(file, of: "sessions", required: Self.columns)
    let places = Self.columns.map { table.place(of: $0)! }
    var sessions: [String: [Session]] = [:]
    while let row = try table.next() {
      let fields = places.map { row.fields[$0] }
      guard let start = SimulationTime(seconds: fields[1]),
        let end = SimulationTime(seconds: fields[2]), start <= end
      else {
        throw table.fault(
          at: row.line,
          "expected a device and the start and end of its session in seconds, found \"\(row.fields.joined(separator: ",").prefix(60))\""
        )
      }
      guard period.map({ end.sinceStart <= $0 }) ?? true else {
        throw table.fault(
          at: row.line,
          "the session ends after the period; give a longer period")
      }
      sessions[fields[0], default: []].append(Session(start: start, end: end))
    }
    guard !sessions.isEmpty else { throw TableFault("\(file.path) contains no sessions") }
    var numbers: [Int: String] = [:]
    for name in sessions.keys { if let number = Self.number(name) { numbers[number] = name } }
    let isNumbered = numbers.count == sessions.count
    if assignment == .byNumber, !isNumbered {
      let name = sessions.keys.filter { Self.number($0) == nil }.min() ?? ""
      throw TableFault(
        "\(file.path) has a device \"\(name.prefix(60))\", which is not a whole number; number the devices, or write assignment: in-turn"
      )
    }
    if isNumbered {
      let order = numbers.keys.sorted()
      self.init(
        order.map { sessions[numbers[$0]!]! },
        numbers: assignment == .inTurn ? nil : order, period: period)
    } else {
      // Ordered by bytes, so that the locale has no effect.
      let order = sessions.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      self.init(order.map { sessions[$0]! }, period: period)
    }
  }

  /// The number of a device name without sign or leading zeros, so that no two names share one.
  private static func number(_ name: String) -> Int? {
    Int(name).flatMap { $0 >= 0 && "\($0)" == name ? $0 : nil }
  }
}
