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
  ])
  func `fields and records are those of RFC 4180`(text: String, records: [[String]]) {
    #expect(CommaSeparatedValues.records(in: text) == records)
  }
}
