import Testing

@testable import Configuration

/// The keys that a survey finds for readers with known keys.
struct SurveyTests {
  private enum Colour: String, CaseIterable { case red, green, blue }

  @Test func `each key is found with its valid values, its default, and whether it is required`()
    throws
  {
    let keys = survey { root in
      _ = root.integer("rounds", in: 1...9)
      _ = root.number("rate", in: 0...1, default: 0.5)
      _ = root.optionalQuantity("deadline", Span.self, none: "never")
      _ = root.choices("colours", of: Colour.self, default: [.red])
      _ = root.boolean("loud", default: false)
    }
    #expect(keys.map(\.path) == ["rounds", "rate", "deadline", "colours", "loud"])
    #expect(keys.map(\.isRequired) == [true, false, false, false, false])
    #expect(keys.map(\.standards) == [[], ["0.5"], ["never"], ["[red]"], ["false"]])
    #expect(keys[0].forms == [.value(.integer(1...9), isList: false)])
    #expect(keys[1].forms == [.value(.number(0...1), isList: false)])
    #expect(keys[2].none == "never" && keys[2].expectations == ["a duration above zero"])
    #expect(keys[3].forms == [.value(.choice(["red", "green", "blue"]), isList: true)])
  }

  @Test func `kind-specific keys are found with their kinds`() {
    let keys = survey { root in
      let paint = root.section("paint", naming: "kind")
      switch paint.kind("kind", of: Colour.self, default: .red) {
      case .red: break
      case .green: _ = paint.number("leaf")
      case .blue: _ = (paint.integer("sky", default: 3), paint.number("leaf", default: 1))
      }
      _ = paint.string("name", default: "a")
    }
    #expect(keys.map(\.path) == ["paint", "paint.kind", "paint.name", "paint.leaf", "paint.sky"])
    #expect(keys[0].forms == [.section(shorthand: "kind")])
    #expect(keys[2].condition == nil)
    #expect(keys[3].condition?.key == "kind" && keys[3].condition?.words == ["green", "blue"])
    #expect(keys[4].condition?.words == ["blue"] && keys[4].standards == ["3"])
    // Required in one kind, with a default in another: not required in general.
    #expect(keys[3].isRequired == false && keys[3].standards == ["1"])
  }

  @Test func `optional keys are found too`() {
    let keys = survey { root in
      if root.has("extra") { _ = root.section("extra").integer("size") }
      if root.shape(of: "speed") == .section {
        _ = root.section("speed").number("median")
      } else {
        _ = root.number("speed")
      }
      _ = root.optionalSection("power")?.number("idle")
      for part in root.sections("parts", isRequired: false) { _ = part.string("name") }
    }
    #expect(
      Set(keys.map(\.path)) == [
        "extra", "extra.size", "speed", "speed.median", "power", "power.idle", "parts",
        "parts[].name",
      ])
    #expect(keys.first { $0.path == "speed" }?.forms.count == 2)
    let required = keys.filter(\.isRequired).map(\.path)
    #expect(Set(required) == ["extra.size", "speed", "speed.median", "power.idle", "parts[].name"])
  }

  @Test func `inherited keys are marked as inherited`() {
    let keys = survey { root in
      let training = root.section("training", isRequired: false)
      for method in root.sections("methods") {
        _ = method.inheriting(from: training).number("rate", default: 1)
      }
    }
    #expect(keys.map(\.path) == ["training", "training.rate", "methods", "methods[].rate"])
    #expect(keys[3].inherited == "training.rate" && keys[1].inherited == nil)
  }

  @Test func `a reader's own errors do not stop the survey`() {
    let keys = survey { root in
      if root.integer("a") < 5 { root.fault(at: "a", "too small") }
      _ = root.section("b").section("c").integer("d")
    }
    #expect(keys.map(\.path) == ["a", "b", "b.c", "b.c.d"])
  }

  private func survey(_ read: @escaping (ConfigurationSection) -> Void) -> [ConfigurationKey] {
    ConfigurationSurvey.keys(of: read)
  }
}
