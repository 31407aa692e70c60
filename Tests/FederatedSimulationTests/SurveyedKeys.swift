@testable import Scenario

/// The keys of scenarios, surveyed once for all tests: it takes seconds.
enum SurveyedKeys {
  private static let result = Result { try Scenario.keys() }

  static var all: [ScenarioKey] { get throws { try result.get() } }
}
