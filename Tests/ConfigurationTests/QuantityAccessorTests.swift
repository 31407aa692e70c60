import Configuration
import Testing

struct QuantityAccessorTests {
  @Test(arguments: [
    ("15 Mbps", 15e6), ("15Mbps", 15e6), ("1.5e3 kbps", 1.5e6), ("'2  Gbps'", 2e9), ("3 bps", 3),
  ])
  func `a quantity is a number with a unit`(text: String, bitsPerSecond: Double) throws {
    let document = try ConfigurationDocument(text: "x: \(text)", name: "s.yaml")
    #expect(try document.read { $0.quantity("x", DataRate.self) }.bitsPerSecond == bitsPerSecond)
  }

  @Test(arguments: [
    ("15", "it needs a unit (bps, kbps, Mbps and Gbps); write, for example, 15 Mbps"),
    ("15 kg", "its units are bps, kbps, Mbps and Gbps; write, for example, 15 Mbps"),
    ("15 mbps", "its units are bps, kbps, Mbps and Gbps; did you mean \"Mbps\"?"),
    ("fast", "write, for example, 15 Mbps"),
    ("Mbps", "write, for example, 15 Mbps"),
    ("0 Mbps", "write, for example, 15 Mbps"),
    ("-1 Mbps", "write, for example, 15 Mbps"),
    (".nan Mbps", "write, for example, 15 Mbps"),
    ("nan", "write, for example, 15 Mbps"),
    ("1e-320 bps x", "its units are bps, kbps, Mbps and Gbps; write, for example, 15 Mbps"),
    ("1e999 bps", "that is larger than can be simulated; write, for example, 15 Mbps"),
    ("1e7 Gbps", "that is larger than can be simulated; write, for example, 15 Mbps"),
  ])
  func `an invalid quantity is rejected with the valid units`(text: String, suggestion: String) {
    #expect(
      lines("x: \(text)") { $0.quantity("x", DataRate.self) }
        == ["s.yaml:1:4: x: expected a data rate above zero, found \"\(text)\"; \(suggestion)"])
  }

  @Test func `zero is a quantity if allowed, and negative values are not`() throws {
    let document = try ConfigurationDocument(text: "x: 0 ms", name: "s.yaml")
    #expect(try document.read { $0.quantity("x", Span.self, allowingZero: true) }.nanoseconds == 0)
    #expect(
      lines("x: -1 ms") { $0.quantity("x", Span.self, allowingZero: true) }
        == ["s.yaml:1:4: x: expected a duration, found \"-1 ms\"; write, for example, 10 min"])
  }

  @Test func `a quantity out of bounds is reported with its bounds`() {
    #expect(
      lines("x: 2 h") { $0.quantity("x", in: Span(seconds: 1)...Span(seconds: 60)) }
        == [
          "s.yaml:1:4: x: expected a duration from 1 s to 60 s, found \"2 h\"; write, for example, 1 s"
        ])
  }

  @Test func `a word may represent the absence of a quantity`() throws {
    let document = try ConfigurationDocument(text: "a: none\nb: 10 min", name: "s.yaml")
    let (a, b) = try document.read {
      ($0.optionalQuantity("a", Span.self, none: "none"), $0.optionalQuantity("b", Span.self))
    }
    #expect(a == nil)
    #expect(b == Span(seconds: 600))
    #expect(
      lines("x: never") { $0.optionalQuantity("x", Span.self, none: "none") }
        == [
          "s.yaml:1:4: x: expected a duration above zero or the word \"none\", found \"never\"; "
            + "write, for example, 10 min"
        ])
  }
}
