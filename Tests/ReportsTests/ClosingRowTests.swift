import Foundation
import Testing

@testable import Reports

/// Reports of a run that ended before its last version. Its last row covers the time since the previous row: the same
/// round number and the same accuracy.
struct ClosingRowTests {
  private func folder() throws -> ResultsFixture {
    let folder = try ResultsFixture.run()
    let row = "flora,7,2,40.000000001,0.75,1.0,0.9,1,1,0,0,0,1000,1000,5000,0,2500,7.5,1000\n"
    let closing = "flora,7,2,52.000000001,0.75,1.0,,1,0,1,0,0,1000,0,6000,1000,100,1.5,1000\n"
    let rounds = try folder.text("rounds.csv")
    #expect(rounds.contains(row))
    try folder.write(rounds.replacing(row, with: row + closing), to: "rounds.csv")
    return folder
  }

  @Test func `the time after the last version is not a round in the timeline`() throws {
    let folder = try folder()
    _ = try TimelineTrace.write(in: folder.url)
    let text = try folder.text("trace.json")
    #expect(text.contains("\"round 2\""))
    #expect(!text.contains("rounds 3 to 2"))
  }

  @Test func `versions' times are still known`() throws {
    let folder = try folder()
    // The folder is removed with its last use.
    let table = try withExtendedLifetime(folder) {
      try RoundRow.readAll(from: folder.url.appending(path: "rounds.csv"))
    }
    let rows = try #require(table).filter { $0.method == "flora" }
    let clock = VersionClock(rows)
    #expect(clock.windows.map(\.round) == [1, 2])
    #expect(clock.windows.map(\.end) == [10_000_000_001, 40_000_000_001])
  }
}
