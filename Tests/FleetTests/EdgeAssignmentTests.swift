import Foundation
import Storage
import Testing

@testable import Fleet

struct EdgeAssignmentTests {
  @Test func `a device's edge depends only on the seed and its number`() {
    let few = EdgeAssignment.random(edges: 5, seed: 3)
    let again = EdgeAssignment.random(edges: 5, seed: 3)
    let other = EdgeAssignment.random(edges: 5, seed: 4)
    let edges = (0..<2000).map { few.edge(of: $0, inClass: $0 % 3) }
    #expect(edges == (0..<2000).map { again.edge(of: $0, inClass: 0) })
    #expect(edges != (0..<2000).map { other.edge(of: $0, inClass: 0) })
    for edge in 0..<5 {
      // Within four standard deviations, sqrt(2000 * 0.2 * 0.8) = 17.9.
      #expect(abs(edges.count { $0 == edge } - 400) < 72)
    }
  }

  @Test func `each class has an edge of its own`() {
    let assignment = EdgeAssignment.byClass(classes: 3)
    #expect(assignment.edges == 3)
    for index in 0..<3 { #expect(assignment.edge(of: 17, inClass: index) == index) }
  }

  private func file(_ text: String) throws -> URL {
    let url = FileManager.default.temporaryDirectory.appending(path: "edges-\(UUID()).csv")
    try text.write(to: url, atomically: true, encoding: .utf8)
    return url
  }

  @Test(arguments: [
    "device,edge\n0,1\n1,0\n2,1\n", "edge,device\n1,0\n0,1\n1,2",
    "\u{FEFF}device,edge\r\n0,1\r\n1,0\r\n2,1\r\n",
    "\"device\",\"site\",\"edge\"\n\"2\",\"a\",\"1\"\n0,b,1\n1,c,0\n\n",
  ])
  func `a table says each device's edge, in any order and as spreadsheets write it`(
    text: String
  ) throws {
    let url = try file(text)
    defer { try? FileManager.default.removeItem(at: url) }
    let assignment = try EdgeAssignment(csv: url, edges: 2, devices: 3)
    #expect((0..<3).map { assignment.edge(of: $0, inClass: 0) } == [1, 0, 1])
  }

  @Test(arguments: [
    ("device,edge\n0,1\n1,0\n", "has no row for device 2"),
    ("device,edge\n0,1\n0,0\n", ":3: device 0 already has an edge"),
    ("device,edge\n0,2\n", ":2: expected a device from 0 to 2 and an edge from 0 to 1"),
    ("device,edge\n3,0\n", ":2: expected a device from 0 to 2"),
    ("device,edge\n0,x\n", "found \"0,x\""), ("device\n0\n", "has no column edge"),
    ("", "is empty; its first line is device,edge"),
  ])
  func `a table without an edge for each device is rejected`(text: String, part: String) throws {
    let url = try file(text)
    defer { try? FileManager.default.removeItem(at: url) }
    let error = #expect(throws: TableFault.self) {
      try EdgeAssignment(csv: url, edges: 2, devices: 3)
    }
    #expect(error?.description.contains(part) == true, "\(String(describing: error))")
  }

  @Test func `a table that is not there is named`() {
    let error = #expect(throws: TableFault.self) {
      try EdgeAssignment(csv: URL(filePath: "/none/edges.csv"), edges: 2, devices: 3)
    }
    #expect(error?.description.contains("/none/edges.csv cannot be read") == true)
  }
}
