import Foundation
import Testing

@testable import Reports

/// Runs with long tables: figures are thinned, and counts are not.
struct LargeRunTests {
  @Test func `a long run's page stays small, and states what it omits`() async throws {
    let folder = try ResultsFixture()
    var text =
      "method,seed,round,virtual_time_s,test_accuracy,selected,completed,bytes_down,bytes_up,cumulative_bytes\n"
    for method in ["a", "b"] {
      for round in 0..<50_000 {
        let accuracy = round == 31_234 ? 0.987 : 0.5 + 0.3 * Double((round * 7919) % 1000) / 1000
        text += "\(method),0,\(round),\(round).5,\(accuracy),1,1,10,10,\(20 * round)\n"
      }
    }
    try folder.write(text, to: "rounds.csv")
    let page = try await Page(of: folder)
    #expect(page.html.utf8.count < 2_000_000)
    let rows = page.table(of: "accuracy-bytes").filter { $0[0] == "a" }
    #expect(rows.count == 500 && rows.contains(["a", "31234", "624680", "0.987"]))
    #expect(
      try page.figure("accuracy-bytes").contains("Of up to 50\u{202F}000 points of a method, 500"))
  }

  @Test func `all tasks are counted, and the slowest are drawn`() async throws {
    let folder = try ResultsFixture()
    let cohort = 5000
    var text =
      "method,seed,round,client,device_class,outcome,start_s,download_s,train_s,upload_s,end_s,samples,bytes_down,bytes_up,flops\n"
    var rounds =
      "method,seed,round,virtual_time_s,test_accuracy,selected,completed,bytes_down,bytes_up,cumulative_bytes\na,0,0,0.0,,0,0,0,0,0\n"
    for round in 1...20 {
      for client in 0..<cohort {
        let start = (round - 1) * 10_000
        text +=
          "a,0,\(round),\(client),phone,completed,\(start).0,1.0,\(client).0,1.0,\(start + client + 2).0,5,10,20,30\n"
      }
      // The deadline of round 7 lets it wait longer.
      let end = (round - 1) * 10_000 + (round == 7 ? 9000 : cohort + 1)
      rounds += "a,0,\(round),\(end).0,,\(cohort),\(cohort),10,20,\(30 * round)\n"
    }
    try folder.write(text, to: "tasks.csv")
    try folder.write(rounds, to: "rounds.csv")
    let results = try RunResults(folder.url)
    let tally = try #require(results.methods.first?.tally)
    #expect(tally.tasks == 100_000 && tally.clients.count == cohort)
    #expect(tally.clients[17]?.completed == 20 && tally.clients[17]?.bytes == 600)
    let page = try await Page(of: folder)
    let figure = try page.figure("timeline-a")
    let slowest = try #require(results.methods.first?.slowest)
    #expect(slowest.started >= cohort)
    #expect(figure.contains("tasks in flight, the 40 that ended last are drawn."), "\(figure)")
    let clients = page.table(of: "timeline-a").dropFirst().map { $0[0] }
    #expect(clients == (0..<40).map { "\(cohort - 1 - $0)" })
    #expect(page.html.utf8.count < 1_000_000)
  }
}
