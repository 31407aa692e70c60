import Testing

@testable import Storage

struct CommaSeparatedValuesTests {
  @Test(arguments: [
    ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
    ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
    ("\"a,b\",c\n", [["a,b", "c"]]),
    ("\"a \"\"b\"\"\",c\n", [["a \"b\"", "c"]]),
    ("\"a\nb\",c\n", [["a\nb", "c"]]),
    ("a,,\n\n,b,\n", [["a", "", ""], ["", "b", ""]]),
    ("\"\"\n", [[""]]),
    ("naïve,é\n", [["naïve", "é"]]),
    ("", []),
    ("\u{FEFF}a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
    ("\u{FEFF}\"a\",b", [["a", "b"]]),
    ("a\rb,\"c\r\nd\"\r\n", [["a\rb", "c\r\nd"]]),
    ("a\"b,\"c\"d\n", [["a\"b", "cd"]]),
  ])
  func `fields and records are those of RFC 4180`(text: String, records: [[String]]) {
    #expect(CommaSeparatedValues.records(in: text) == records)
  }

  @Test func `a record knows its first line`() {
    let records = Array(CommaSeparatedValues("a\n\n\"b\nc\",d\ne\n"))
    #expect(records.map(\.line) == [1, 3, 5])
    #expect(records.map(\.fields) == [["a"], ["b\nc", "d"], ["e"]])
  }
}
