import EventSimulation
import Foundation
import Storage

/// Groups of devices that go offline together: a column of an outages file.
///
/// Any partition of a fleet qualifies, such as device classes (`ClassGroups`) or edges
/// (`EdgeGroups`).
package protocol DeviceGroups: Sendable {
  /// The column with the group's name: `class`.
  var column: String { get }

  /// The names of all groups, by index.
  var names: [String] { get }

  /// The index of a device's group; nil if it belongs to none.
  func group(of device: Int) -> Int?
}

/// The classes of a fleet's devices.
package struct ClassGroups: DeviceGroups {
  private let fleet: Fleet

  package init(_ fleet: Fleet) { self.fleet = fleet }

  package var column: String { "class" }
  package var names: [String] { fleet.classes.map(\.name) }
  package func group(of device: Int) -> Int? { fleet.classIndex(of: device) }
}

/// When groups of devices are offline together, regardless of their own sessions.
///
/// A pure function of the device and the time. A task fails when its device's outage begins.
package struct Outages: Sendable {
  /// A partition of the fleet, and when each group is offline: ascending, disjoint, not adjacent.
  private struct Partition: Sendable {
    let groups: any DeviceGroups
    var spans: [[Session]]
  }

  private var partitions: [Partition]
  /// The distinct starts of all outages, ascending.
  private var starts: [SimulationTime] = []

  private static let columns = ["start_s", "end_s"]
  /// The known group columns; which ones a scenario has depends on its fleet and server.
  private static let groupColumns = ["class", "edge"]

  /// Reads a CSV file `start_s,end_s,class`: one outage per row, from its start up to, but not
  /// including, its end.
  ///
  /// A row names its group in the only group column that is not empty.
  ///
  /// - Parameter known: the scenario's partitions of the fleet.
  package init(csv file: URL, known: [any DeviceGroups]) throws(TableFault) {
    var table = try CSVTable(
      file, of: "outages", required: Self.columns, optional: Self.groupColumns)
    partitions = known.map { Partition(groups: $0, spans: $0.names.map { _ in [] }) }
    let own = table.columns.filter { !Self.columns.contains($0) }
    guard !own.isEmpty else {
      throw TableFault(
        "\(file.path) does not say which devices are offline; add a column class with names of device classes"
      )
    }
    for column in own where !known.contains(where: { $0.column == column }) {
      throw TableFault(
        "\(file.path) has a column \(column), but the devices of this scenario do not belong to any \(column); use a column class with names of device classes"
      )
    }
    let places = Self.columns.map { table.place(of: $0)! }
    while let row = try table.next() {
      let fields = places.map { row.fields[$0] }
      guard let start = SimulationTime(seconds: fields[0]),
        let end = SimulationTime(seconds: fields[1]), start < end
      else {
        throw table.fault(
          at: row.line,
          "expected the start and the later end of an outage in seconds, found \"\(fields[0].prefix(30))\" and \"\(fields[1].prefix(30))\""
        )
      }
      let named = own.filter { !row.fields[table.place(of: $0)!].isEmpty }
      guard named.count == 1, let place = known.firstIndex(where: { $0.column == named[0] }) else {
        throw table.fault(
          at: row.line, "an outage names one group of devices, in \(own.joined(separator: " or "))")
      }
      let name = row.fields[table.place(of: named[0])!]
      guard let group = known[place].names.firstIndex(of: name) else {
        throw table.fault(
          at: row.line,
          "there is no \(named[0]) \"\(name.prefix(60))\"; there are \(known[place].names.prefix(20).joined(separator: ", "))"
        )
      }
      partitions[place].spans[group].append(Session(start: start, end: end))
    }
    settle()
  }

  /// - Parameter spans: of each group, in any order; touching or overlapping spans are merged.
  package init(_ groups: any DeviceGroups, _ spans: [[Session]]) {
    precondition(spans.count == groups.names.count, "spans for each group")
    partitions = [Partition(groups: groups, spans: spans)]
    settle()
  }

  private mutating func settle() {
    for index in partitions.indices {
      partitions[index].spans = partitions[index].spans.map(\.joined)
    }
    starts = Set(partitions.flatMap { $0.spans.joined().map(\.start) }).sorted()
  }

  /// When a device is offline: ascending, disjoint and not adjacent.
  package func spans(of device: Int) -> [Session] {
    let all = partitions.compactMap { partition in
      partition.groups.group(of: device).map { partition.spans[$0] }
    }.filter { !$0.isEmpty }
    return all.count > 1 ? Array(all.joined()).joined : all.first ?? []
  }

  /// The next start of any group's outage after an instant.
  package func start(after time: SimulationTime) -> SimulationTime? {
    starts.first { $0 > time }
  }

  /// Whether an outage of a device begins at an instant.
  package func begins(for device: Int, at time: SimulationTime) -> Bool {
    spans(of: device).contains { $0.start == time }
  }
}

extension [Session] {
  /// The sessions, ascending; touching or overlapping ones are merged, and empty ones dropped.
  var joined: [Session] {
    var joined: [Session] = []
    for session in filter({ $0.start < $0.end }).sorted(by: { $0.start < $1.start }) {
      if let last = joined.last, session.start <= last.end {
        joined[joined.count - 1].end = Swift.max(last.end, session.end)
      } else {
        joined.append(session)
      }
    }
    return joined
  }
}
