import EventSimulation
import Foundation
import Storage
import Testing

@testable import Fleet

/// Recorded sessions as a file has them.
struct AvailabilityTraceTests {
  private func trace(
    _ text: String, _ assignment: AvailabilityTrace.Assignment? = nil
  ) throws -> AvailabilityTrace {
    try TableText.read(text) { try AvailabilityTrace(csv: $0, assignment: assignment, period: nil) }
  }

  /// The starts of the first sessions of the first six devices, in seconds.
  private func starts(_ trace: AvailabilityTrace) -> [Double?] {
    (0..<6).map { trace.session(of: $0, after: .zero)?.start.seconds }
  }

  @Test(arguments: [
    "device,start_s,end_s\n5,10,20\n0,30,40\n", "device,start_s,end_s\n0,30,40\n5,10,20\n",
    "\u{FEFF}device,start_s,end_s\r\n5,10,20\r\n0,30,40\r\n",
    "\"\",\"device\",\"start_s\",\"end_s\"\n\"1\",5,10,20\n\"2\",0,30,40\n",
    "end_s,start_s,device\n20,10,5\n40,30,0\n",
  ])
  func `a whole number is the device of that number, in whichever order the rows are`(
    text: String
  ) throws {
    #expect(starts(try trace(text)) == [30, nil, nil, nil, nil, 10])
    #expect(
      Availability.trace(try trace(text)).remark(devices: 6)?.hasPrefix(
        "4 of 6 devices have no session") == true)
    #expect(starts(try trace(text, .inTurn)) == [30, 10, 30, 10, 30, 10])
    #expect(Availability.trace(try trace(text, .inTurn)).remark(devices: 6) == nil)
  }

  @Test func `devices with names are followed in turn, in the order of the names`() throws {
    for text in [
      "device,start_s,end_s\nb,10,20\na,30,40\n", "device,start_s,end_s\na,30,40\nb,10,20\n",
      "device,start_s,end_s\n\"b\",10,20\n\"a\",30,40\n",
    ] {
      #expect(starts(try trace(text)) == [30, 10, 30, 10, 30, 10])
    }
  }

  /// 10 comes behind 9, and an empty session keeps a device's place.
  @Test func `numbers in turn are in the order of numbers`() throws {
    let text = "device,start_s,end_s\n10,3,9\n9,2,9\n8,0,0\n"
    #expect(starts(try trace(text, .inTurn)) == [nil, 2, 3, nil, 2, 3])
    #expect(Availability.trace(try trace(text)).remark(devices: 8)?.hasPrefix("8 of 8") == true)
    #expect(Availability.trace(try trace(text)).remark(devices: 11)?.hasPrefix("8 of 11") == true)
  }

  @Test(arguments: ["phone", "-1", "01", "+1", "1.5", ""])
  func `only whole numbers can be numbers`(name: String) throws {
    let text = "device,start_s,end_s\n0,1,2\n\(name),3,4\n"
    #expect(throws: TableFault.self) { try trace(text, .byNumber) }
    #expect(try trace(text).deviceCount == 2)
    #expect(try starts(trace(text)).allSatisfy { $0 != nil })
  }

  @Test(arguments: [
    ("device,start_s\n0,1\n", "has no column end_s"),
    ("device,start_s,end_s\n0,2,1\n", ":2: expected a device and the start"),
    ("device,start_s,end_s\n0,1\n", ":2: the row has 2 fields, and the header 3"),
    ("device,start_s,end_s\n", "contains no sessions"),
  ])
  func `an invalid trace is rejected with its line`(text: String, message: String) throws {
    do {
      _ = try trace(text)
      Issue.record("it was read")
    } catch let fault as TableFault {
      #expect(fault.description.contains(message), "\(fault)")
    }
  }
}
