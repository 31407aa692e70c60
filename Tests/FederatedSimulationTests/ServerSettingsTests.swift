import Testing

@testable import Scenario

struct ServerSettingsTests {
  private func server(_ overrides: String...) throws -> ServerSettings {
    try ScenarioText.scenario(ScenarioText.small, overrides).server
  }

  @Test(arguments: [
    (100, "1.1", 110), (10, "1.3", 13), (3, "1.1", 4), (6, "1", 6), (1, "1.0", 1), (7, "1.5", 11),
    (10_000, "1.1", 11_000), (1000, "1.001", 1001), (1000, "1.0001", 1001), (3, "1.33333333", 4),
    (300_000_000, "1.33333333", 399_999_999), (1_000_000_000, "1000", 1_000_000_000_000),
    (30, "1.7", 51), (1_000_000_000, "1.000000001", 1_000_000_001), (90, "1.1e0", 99),
    (3, "1.3333333333333333", 4),
  ])
  func `over-selection is computed on the decimal as written`(
    cohort: Int, overSelection: String, selected: Int
  ) throws {
    let server = try server("server.cohort=\(cohort)", "server.over_selection=\(overSelection)")
    #expect(server.selectedPerRound == selected)
  }

  /// Compares ten-thousandths of every number using only integers.
  @Test func `binary rounding never selects an extra device`() throws {
    var server = try server()
    for numerator in stride(from: 10_000, through: 39_999, by: 7) {
      server.overSelection = Double(numerator) / 10_000
      for cohort in [1, 3, 10, 77, 100, 12_345] {
        server.cohort = cohort
        #expect(server.selectedPerRound == (cohort * numerator + 9_999) / 10_000)
      }
    }
  }
}
