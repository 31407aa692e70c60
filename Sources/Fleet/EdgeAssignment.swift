import Foundation
import Randomness

/// Which edge each device of a fleet belongs to: a pure function of the seed, the device's number and its class.
public struct EdgeAssignment: Sendable, Equatable {
  /// The number of edges; their numbers are 0..<edges.
  public let edges: Int
  private let rule: Rule

  private enum Rule: Sendable, Equatable {
    case random(seed: UInt64)
    case byClass
    /// The edge of each device, by its number.
    case table([UInt32])
  }

  /// Each device in one of the edges, all with the same probability.
  public static func random(edges: Int, seed: UInt64) -> Self {
    Self(edges: edges, rule: .random(seed: seed))
  }

  /// The devices of the first class in edge 0, those of the second in edge 1, and so on.
  public static func byClass(classes: Int) -> Self { Self(edges: classes, rule: .byClass) }

  /// - Parameter table: the edge of each device, by its number.
  public static func table(_ table: [UInt32], edges: Int) -> Self {
    precondition(table.allSatisfy { $0 < edges }, "the edges of a table are edges")
    return Self(edges: edges, rule: .table(table))
  }

  /// The edge of a device, which adding a device changes for no other. O(1).
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

/// Why a table of devices and edges cannot be read, as a sentence that names the file and line.
public struct EdgeTableError: Error, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

extension EdgeAssignment {
  /// Reads a CSV file with the columns `device` and `edge` among others: a device a line, by its number in the fleet,
  /// each of the fleet's devices once.
  package init(csv file: URL, edges: Int, devices: Int) throws(EdgeTableError) {
    guard let data = try? Data(contentsOf: file) else {
      throw EdgeTableError("the table of edges \(file.path) cannot be read; correct the path")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw EdgeTableError("\(file.path) is not UTF-8 text; save it as UTF-8")
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let header = Self.fields(lines.first ?? "")
    guard let deviceColumn = header.firstIndex(of: "device"),
      let edgeColumn = header.firstIndex(of: "edge")
    else {
      throw EdgeTableError(
        "\(file.path) begins with no header that has the columns device and edge")
    }
    var table = [UInt32?](repeating: nil, count: devices)
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let fields = Self.fields(line)
      func number(_ column: Int, below limit: Int) -> Int? {
        guard fields.indices.contains(column), let number = Int(fields[column]),
          (0..<limit).contains(number)
        else { return nil }
        return number
      }
      guard let device = number(deviceColumn, below: devices),
        let edge = number(edgeColumn, below: edges)
      else {
        throw EdgeTableError(
          "\(file.path):\(index + 1): expected a device from 0 to \(devices - 1) and an edge from 0 to \(edges - 1), found \"\(line.prefix(60))\""
        )
      }
      guard table[device] == nil else {
        throw EdgeTableError(
          "\(file.path):\(index + 1): device \(device) has an edge already; leave one of the lines out"
        )
      }
      table[device] = UInt32(edge)
    }
    if let missing = table.firstIndex(of: nil) {
      throw EdgeTableError("\(file.path) has no line for device \(missing); add its edge")
    }
    self = .table(table.map { $0! }, edges: edges)
  }

  /// The fields of a line, without quotes around them and without the byte order mark before them.
  private static func fields(_ line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map { field in
      let unmarked = field.unicodeScalars.drop { $0 == "\u{FEFF}" }
      let text = String(String.UnicodeScalarView(unmarked)).trimmingCharacters(in: .whitespaces)
      return text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
        ? String(text.dropFirst().dropLast()) : text
    }
  }
}
