import Testing

@testable import Configuration

struct SweepTests {
  private func sweep(_ text: String) throws -> ConfigurationSweep? {
    try ConfigurationDocument(text: text, name: "test.yaml").sweep(at: "sweep")
  }

  @Test func `all combinations are generated, the last key varying fastest`() throws {
    let sweep = try #require(
      try sweep(
        """
        seed: 9
        sweep:
          data.partition: [{ kind: iid }, { kind: dirichlet, beta: 0.1 }]
          seed: [0, 1]
        """))
    #expect(sweep.keys == ["data.partition", "seed"])
    let points = try (0..<sweep.count).map(sweep.point)
    #expect(
      points.map(\.values) == [
        ["{kind: iid}", "0"], ["{kind: iid}", "1"],
        ["{kind: dirichlet, beta: 0.1}", "0"], ["{kind: dirichlet, beta: 0.1}", "1"],
      ])
    let read = try points.map { point in
      try point.document.read { root in
        let partition = root.section("data").section("partition")
        return (
          root.integer("seed"), partition.string("kind"),
          partition.has("beta") ? partition.number("beta") : 0
        )
      }
    }
    #expect(read.map(\.0) == [0, 1, 0, 1])
    #expect(read.map(\.1) == ["iid", "iid", "dirichlet", "dirichlet"])
    #expect(read.map(\.2) == [0, 0, 0.1, 0.1])
  }

  @Test func `a document without the section is not a sweep`() throws {
    #expect(try sweep("seed: 1") == nil)
  }

  @Test(arguments: [
    ("sweep: 5", "expected keys with lists"),
    ("sweep: {}", "expected keys with lists"),
    ("sweep: { seed: 3 }", "expected a list of values"),
    ("sweep: { seed: [] }", "expected a list of values, found an empty list"),
    ("sweep: { \"a b\": [1] }", "is not a key path"),
    ("name: x\nsweep: { name.first: [1] }", "has no keys"),
    (
      "sweep: { server: [{ cohort: 3 }], server.cohort: [2, 3] }",
      "server.cohort: it overlaps with server"
    ),
    ("sweep: { a.b.c: [1], a.b: [{ c: 2 }] }", "sweep.a.b: it overlaps with a.b.c"),
    ("sweep: { seed: [1, 1, 1] }", "sweep.seed: 1 is in the list twice"),
    ("sweep: { rate: [0.1, 1.0e-1] }", "sweep.rate: 1.0e-1 is in the list twice"),
    ("sweep: { a: [{ b: 1, c: x }, { c: x, b: 1.0 }] }", "is in the list twice"),
    (
      "sweep: { a: [\((0...100).map { "\($0)," }.joined())], b: [\((0...100).map { "\($0)," }.joined())] }",
      "more than 10000"
    ),
  ])
  func `an invalid sweep is rejected with the reason`(text: String, part: String) {
    let error = #expect(throws: ConfigurationError.self) { try sweep(text)?.point(0) }
    #expect("\(String(describing: error))".contains(part))
  }
}
