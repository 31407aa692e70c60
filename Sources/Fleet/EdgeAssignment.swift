import Foundation
import Randomness
import Storage

/// The edge of each device in a fleet: a pure function of the seed, the device's id and its class.
public struct EdgeAssignment: Sendable, Equatable {
  /// The number of edges, which are numbered 0..<edges.
  public let edges: Int
  private let rule: Rule

  private enum Rule: Sendable, Equatable {
    case random(seed: UInt64)
    case byClass
    /// The edge of each device, by id.
    case table([UInt32])
  }

  /// Assigns each device to an edge uniformly at random.
  public static func random(edges: Int, seed: UInt64) -> Self {
    Self(edges: edges, rule: .random(seed: seed))
  }

  /// Assigns the devices of the first class to edge 0, of the second to edge 1, and so on.
  public static func byClass(classes: Int) -> Self { Self(edges: classes, rule: .byClass) }

  /// - Parameter table: the edge of each device, by id.
  public static func table(_ table: [UInt32], edges: Int) -> Self {
    precondition(table.allSatisfy { $0 < edges }, "the edges of a table are edges")
    return Self(edges: edges, rule: .table(table))
  }

  /// The edge of a device; adding devices changes no other device's edge. O(1).
  public func edge(of device: Int, inClass classIndex: Int) -> Int {
    switch rule {
    case .random(let seed):
      var stream = RandomStream(seed: seed, purpose: "edge", device)
      return stream.integer(below: edges)
    case .byClass: return classIndex
    case .table(let table): return Int(table[device])
    }
  }

  /// The devices of each edge, ascending. O(devices).
  public func members(of fleet: Fleet) -> [[Int]] {
    var members = [[Int]](repeating: [], count: edges)
    for device in 0..<fleet.count {
      members[edge(of: device, inClass: fleet.classIndex(of: device))].append(device)
    }
    return members
  }
}

extension EdgeAssignment {
  private static let columns = ["device", "edge"]

  /// Reads a CSV file with the columns `device` and `edge`, and possibly others, such as a table of
  /// recorded devices: one row per device of the fleet, by number.
  package init(csv file: URL, edges: Int, devices: Int) throws(TableFault) {
    var rows = try CSVTable(file, of: "edges", required: Self.columns, allowingOthers: true)
    let places = Self.columns.map { rows.place(of: $0)! }
    var table = [UInt32?](repeating: nil, count: devices)
    while let row = try rows.next() {
      let fields = places.map { row.fields[$0] }
      guard let device = Int(fields[0]), table.indices.contains(device),
        let edge = Int(fields[1]), (0..<edges).contains(edge)
      else {
        throw rows.fault(
          at: row.line,
          "expected a device from 0 to \(devices - 1) and an edge from 0 to \(edges - 1), found \"\(fields.joined(separator: ",").prefix(60))\""
        )
      }
      guard table[device] == nil else {
        throw rows.fault(
          at: row.line, "device \(device) already has an edge; remove one of the rows")
      }
      table[device] = UInt32(edge)
    }
    if let missing = table.firstIndex(of: nil) {
      throw TableFault("\(file.path) has no row for device \(missing); add its edge")
    }
    self = .table(table.map { $0! }, edges: edges)
  }
}

/// The edges of a fleet's devices, named by number in an outages file.
package struct EdgeGroups: DeviceGroups {
  private let assignment: EdgeAssignment
  private let fleet: Fleet

  package init(_ assignment: EdgeAssignment, _ fleet: Fleet) {
    self.assignment = assignment
    self.fleet = fleet
  }

  package var column: String { "edge" }
  package var names: [String] { (0..<assignment.edges).map(String.init) }
  package func group(of device: Int) -> Int? {
    assignment.edge(of: device, inClass: fleet.classIndex(of: device))
  }
}
