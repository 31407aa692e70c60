import Testing

@testable import Reports

struct EdgeReportTests {
  /// Round 1 ends with edge 1; round 2 with edge 0, whose attempt began before the round.
  private static func run() throws -> ResultsFixture {
    let folder = try ResultsFixture.run()
    try folder.write(
      """
      method,seed,round,edge,outcome,start_s,download_s,work_s,upload_s,end_s,edge_rounds,updates,samples,bytes_down,bytes_up
      flora,7,1,1,completed,0.000000000,1.000000000,8.000000000,1.000000001,10.000000001,1,2,20,1000,1000
      flora,7,1,0,completed,7.000000001,6.000000000,24.000000000,3.000000000,40.000000001,2,3,30,1000,1000
      flora,7,2,1,failed,10.000000001,2.000000000,28.000000000,,40.000000001,2,1,0,1000,0
      fedfft,7,1,0,failed,0.000000000,4.000000000,,,4.000000000,0,0,0,1000,0

      """, to: "edges.csv")
    return folder
  }

  @Test func `rounds are attributed to the edge whose version ended them`() throws {
    let folder = try Self.run()
    let results = try RunResults(folder.url)
    let waits = RoundWait.all(of: results.methods[0], in: results)
    #expect(waits.map(\.endedBy) == ["edge 0", "edge 1"])
    #expect(waits.map(\.rounds) == [1, 1])
    #expect(waits.map(\.seconds) == [30, 10.000000001])
    #expect(abs(waits[0].share - 30 / 40.000000001) < 1e-12)
    // Of the download from 7 to 13 s, the part after the round's start at 10 s counts.
    #expect(waits[0].before == 0)
    #expect(abs(waits[0].download - 3.0 / 30) < 1e-9)
    #expect(abs(waits[0].training - 24.0 / 30) < 1e-9)
    #expect(abs(waits[0].upload - 3.0 / 30) < 1e-9)
    #expect(abs(waits[1].training - 0.8) < 1e-9)
    let full = RoundWait.all(of: results.methods[1], in: results)
    #expect(full.map(\.endedBy) == [nil])
    #expect(full.map(\.rounds) == [1])
  }

  @Test func `the report names the edge that ended the slowest round`() throws {
    let folder = try Self.run()
    let section = ReportSection.rounds(try RunResults(folder.url))
    let captions = section.figures.map(\.caption)
    #expect(
      captions[0].contains(
        "The round ended when the version of edge 0 arrived, after 6.00 s of download, 24.0 s of its own rounds, 3.00 s of upload."
      ))
    #expect(captions[1].contains("No edge ended it"))
    let table = try #require(section.tables.first).table
    #expect(table.columns.map(\.title).contains("its own rounds"))
    #expect(table.rows.count == 3)
  }
}
