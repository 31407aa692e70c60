import Foundation
import Testing

@testable import Reports

struct CSVReaderTests {
  private let folder: ResultsFixture

  init() throws { folder = try ResultsFixture() }

  private func rows(_ text: String, requiring: [String] = []) throws -> [[String]] {
    try folder.write(text, to: "table.csv")
    let reader = try CSVReader(folder.url.appending(path: "table.csv"), requiring: requiring)
    var rows = [reader.header]
    while let row = try reader.row() { rows.append(reader.header.map(row.text)) }
    return rows
  }

  @Test func `quoted fields may contain commas, quotes and line breaks`() throws {
    #expect(
      try rows("a,b\n\"x,\"\"y\"\"\",\"1\n2\"\n\"\",z\n") == [
        ["a", "b"], ["x,\"y\"", "1\n2"], ["", "z"],
      ])
  }

  @Test func `Windows line ends are accepted`() throws {
    #expect(try rows("a,b\r\n1,2\r\n\"3\",\"4\"\r\n") == [["a", "b"], ["1", "2"], ["3", "4"]])
  }

  @Test func `a byte order mark is no part of the first column's name`() throws {
    #expect(
      try rows("\u{FEFF}a,b\r\n1,2\r\n", requiring: ["a"]) == [["a", "b"], ["1", "2"]])
  }

  @Test func `a table larger than what is read at once comes whole`() throws {
    let lines = (0..<200_000).map { "\($0),\"row \($0)\"\n" }.joined()
    try folder.write("n,text\n" + lines, to: "table.csv")
    let reader = try CSVReader(folder.url.appending(path: "table.csv"), requiring: ["n"])
    var count = 0
    while let row = try reader.row() {
      let number = try row.integer("n")
      #expect(number == count && row.text("text") == "row \(count)")
      count += 1
    }
    #expect(count == 200_000)
  }

  @Test(arguments: [
    ("", "is empty"),
    ("a,b\n1\n", "line 2: the row has 1 fields, and the header 2"),
    ("a,b\n\"x\ny\",2\n1,2,3\n", "line 4: the row has 3 fields"),
    ("a,b\n1,2\n3,4", "line 3: the file ends in the middle of a row"),
    ("a,b\n1,\"2\n", "line 2: the file ends in the middle of a row"),
    ("a,b\n1,\"2\"", "line 2: the file ends in the middle of a row"),
    ("c,b\n1,2\n", "line 1: there is no column a"),
  ]) func `a damaged table is named with the line`(_ text: String, _ words: String) throws {
    let error = try #require(throws: ReportError.self) { try rows(text, requiring: ["a"]) }
    #expect(error.description.contains("table.csv"))
    #expect(error.description.contains(words), "\(error)")
  }

  @Test(arguments: [
    ("0.000000001", 1), ("12.000000034", 12_000_000_034), ("7", 7_000_000_000),
    ("3.5", 3_500_000_000), ("9223372036.854775807", Int64.max),
  ]) func `seconds become nanoseconds without rounding`(_ text: String, _ nanoseconds: Int64) throws
  {
    #expect(try row(text).nanoseconds("a") == nanoseconds)
  }

  @Test(arguments: ["x", "1.0000000001", "-1", "1.2.3", "9223372036.854775808", "1e3"])
  func `an invalid time is reported`(_ text: String) throws {
    let error = try #require(throws: ReportError.self) { try row(text).nanoseconds("a") }
    #expect(error.description.contains("line 2: the column a holds \"\(text)\""), "\(error)")
  }

  @Test func `empty optional fields are nil, and empty required fields an error`() throws {
    let row = try row("")
    #expect(try row.optionalInteger("a") == nil && row.optionalNumber("absent") == nil)
    #expect(throws: ReportError.self) { try row.integer("a") }
    #expect(throws: ReportError.self) { try self.row("1.5").integer("a") }
    #expect(throws: ReportError.self) { try self.row("nano").optionalNumber("a") }
  }

  @Test(arguments: ["NaN", "nan", "-nan", "inf", "-inf", "Infinity"])
  func `NaN and infinite numbers count as missing, however they are spelt`(_ text: String) throws {
    #expect(try row(text).optionalNumber("a") == nil)
  }

  private func row(_ field: String) throws -> CSVRow {
    try folder.write("a,b\n\(field),x\n", to: "table.csv")
    let reader = try CSVReader(folder.url.appending(path: "table.csv"), requiring: ["a"])
    return try #require(try reader.row())
  }
}
