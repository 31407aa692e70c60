import Testing

@testable import Reports

struct ScenarioLinesTests {
  /// Swift encodes the payload of an enumeration's case under the key `_0`.
  @Test func `the payload of a choice has the path of its key`() {
    func object(_ key: String, _ value: JSONValue) -> JSONValue {
      .object([.init(key: key, value: value)])
    }
    let value = object(
      "optimizer", object("fedAvgM", object("_0", object("momentum", .number(0.9)))))
    #expect(
      ScenarioLines.namedLines(value, path: "server") == [
        .init(path: "server.optimizer.fed_avg_m.momentum", text: "0.9")
      ])
  }

  @Test func `the list of one run names it by its folder`() throws {
    let folder = try ResultsFixture.run()
    let rows = try ResultsListing(folder.url).rows
    #expect(
      rows.dropFirst().map { $0[0] } == [
        folder.url.lastPathComponent, folder.url.lastPathComponent,
      ])
  }
}
