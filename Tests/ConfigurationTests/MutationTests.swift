import Configuration
import Testing

struct MutationTests {
  /// A generator with the same draws in every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let fragments = [
    "\n", "\r\n", "\t", " ", "  ", ":", ": ", "- ", "[", "]", "{", "}", "\"", "'", "#", "&a ", "*a",
    "!!int ", "|", ">", "%", "@", "`", "?", "---\n", "...\n", "~", "null", "-", "0", "1e999", "nan",
    "\u{0}", "\u{FEFF}", "\u{F000}", "\u{2028}", "é", "👩‍👧", "\\", ",", "kg", "rounds: 1\n", "<<: ",
  ]

  private static func mutate(_ text: String, using generator: inout Generator) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !scalars.isEmpty {
      let start = Int.random(in: 0..<scalars.count, using: &generator)
      let end = min(scalars.count, start + Int.random(in: 0...12, using: &generator))
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: scalars.removeSubrange(start..<end)
      case 1: scalars.insert(contentsOf: scalars[start..<end], at: start)
      case 2: scalars.removeSubrange(start...)
      default:
        let fragment = fragments.randomElement(using: &generator) ?? ""
        scalars.replaceSubrange(start..<min(end, start + 1), with: fragment.unicodeScalars)
      }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  @Test(arguments: 0..<4)
  func `every file gives a value or errors with locations`(seed: UInt64) {
    var generator = Generator(state: seed)
    var faulty = 0
    for _ in 0..<1000 {
      let text = Self.mutate(scenarioText, using: &generator)
      do throws(ConfigurationError) {
        _ = try ConfigurationDocument(text: text, name: "s.yaml").read(Scenario.init)
      } catch {
        faulty += 1
        #expect(!error.faults.isEmpty)
        #expect(error.faults.allSatisfy { $0.message.contains("; ") && !$0.message.contains("\n") })
        let lastLine = text.unicodeScalars.count { $0.properties.isWhitespace } + 2
        #expect(error.faults.allSatisfy { (1...lastLine).contains($0.line ?? 1) })
      }
    }
    #expect(faulty > 500)
  }

  @Test func `every override is a value or an error`() {
    var generator = Generator(state: 99)
    for _ in 0..<2000 {
      let option = Self.mutate("methods[0].flora.rank={ a: [1, 2], b: 3 }", using: &generator)
      let lines = lines(scenarioText, overrides: [option], Scenario.init)
      #expect(lines.allSatisfy { $0.hasPrefix("--set ") || $0.hasPrefix("s.yaml:") })
    }
  }
}
