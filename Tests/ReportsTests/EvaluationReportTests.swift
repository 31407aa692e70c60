import Foundation
import Testing

@testable import Reports

/// What the page says of clients, novel classes and protocols, against tables written by hand.
struct EvaluationReportTests {
  private static let clients = """
    method,seed,round,client,device_class,samples,accuracy,loss,train_samples,excluded_memory,updates,fine_tuned_accuracy,fine_tuned_loss,client_name
    flora,7,0,0,phone,4,0.25,1.0,9,0,0,,,
    flora,7,0,1,phone,4,0.25,1.0,9,0,0,,,
    flora,7,0,2,camera,4,0.25,1.0,9,0,0,,,
    flora,7,2,0,phone,4,0.75,1.0,9,0,1,1.0,0.5,"<Ann>, 2nd"
    flora,7,2,1,phone,4,0.5,1.0,9,0,0,0.75,0.5,b
    flora,7,2,2,camera,4,0.25,1.0,9,1,0,,,c
    fedfft,7,1,0,phone,4,1.0,0.1,9,0,1,,,"<Ann>, 2nd"
    fedfft,7,1,1,phone,0,,,9,0,0,,,b
    fedfft,7,1,2,camera,4,0.5,0.1,9,1,0,,,c

    """

  @Test func `clients are those of the last version that tested them, with or without a sample`()
    async throws
  {
    let folder = try ResultsFixture.run()
    try folder.write(Self.clients, to: "clients.csv")
    let page = try await Page(of: folder)
    #expect(
      page.table(of: "client-accuracy") == [
        ["method", "clients", "minimum", "lower quartile", "median", "upper quartile", "maximum"],
        ["flora", "3", "0.25", "0.375", "0.5", "0.625", "0.75"],
        ["flora, fine-tuned", "3", "0.25", "0.5", "0.75", "0.875", "1"],
        ["fedfft", "2", "0.5", "0.625", "0.75", "0.875", "1"],
      ])
    #expect(
      page.table(of: "client-classes") == [
        ["device_class", "flora", "fedfft"], ["phone", "0.625", "1"], ["camera", "0.25", "0.5"],
      ])
    #expect(page.table(of: "client-names")[1] == ["<Ann>, 2nd", "0.75", "1"])
    let tables = page.tables(in: "clients")
    #expect(
      tables[0][1].prefix(5) == ["flora", "2", "3", "0.5", "0.25"]
        && tables[0][1].suffix(2).last == "0.25")
    #expect(
      tables[1] == [
        [
          "method", "device_class", "clients", "insufficient memory", "never used",
          "mean accuracy", "in the worst decile",
        ],
        ["flora", "phone", "2", "0", "1", "0.625", "0"],
        ["flora", "camera", "1", "1", "1", "0.25", "1"],
        ["fedfft", "phone", "1", "0", "0", "1", "0"],
        ["fedfft", "camera", "1", "1", "1", "0.5", "1"],
      ])
    #expect(page.html.contains("&lt;Ann&gt;, 2nd") && !page.html.contains("<Ann>"))
  }

  @Test func `a run without client tests or novel classes has no such sections`() async throws {
    let page = try await Page(of: .run())
    #expect(!page.html.contains("<section id=\"clients\""))
    #expect(!page.html.contains("<section id=\"novel\""))
    #expect(page.html.contains("<section id=\"protocols\""))
  }

  @Test func `base and novel accuracy are reported before training and at the end`() async throws {
    let folder = try ResultsFixture.run()
    let lines = try folder.text("rounds.csv").split(separator: "\n")
    let added = [
      "", ",0.5,0.25,0.375", ",0.6,0.25,0.4", ",0.8,0.2,0.32", ",0.5,0.5,0.5", ",1.0,0.5,0.75",
    ]
    let text = zip(lines, added).map { line, values in
      line + (values.isEmpty ? ",base_accuracy,novel_accuracy,harmonic_mean_accuracy" : values)
    }
    try folder.write(text.joined(separator: "\n") + "\n", to: "rounds.csv")
    let page = try await Page(of: folder)
    #expect(
      page.tables(in: "novel")[0] == [
        ["method", "version", "base", "novel", "harmonic mean"],
        ["flora", "0", "0.5", "0.25", "0.375"], ["flora", "2", "0.8", "0.2", "0.32"],
        ["fedfft", "0", "0.5", "0.5", "0.5"], ["fedfft", "1", "1", "0.5", "0.75"],
      ])
    #expect(page.figures.contains("novel-harmonic"))
  }

  /// flora spends 5,000 B, 40 s and 20 J, fedfft 400,000 B, 20 s and 20.25 J; the target is 60 %.
  @Test func `the protocols' tables of a run are worked out by hand`() async throws {
    let page = try await Page(of: .run())
    let tables = page.tables(in: "protocols")
    // Budgets: 500 B, 5 kB, 400 kB; 2, 20 and 40 s; 2, 20 and 20.25 J.
    #expect(
      tables[0].dropFirst() == [
        ["flora", "0.5", "0.75", "0.75", "0.5", "0.625", "0.75", "0.5", "0.75", "0.75"],
        ["fedfft", "0.5", "0.5", "0.8125", "0.5", "0.8125", "0.8125", "0.5", "0.5", "0.8125"],
      ])
    #expect(
      tables[1] == [
        ["method", "bytes", "virtual time", "device energy", "best accuracy"],
        ["flora", "3000", "10.000000001", "12.5", "0.75"],
        ["fedfft", "400000", "20", "20.25", "0.8125"],
      ])
    // Of flora's three tasks one dropped out, and 1,000 of 5,000 bytes are wasted.
    #expect(tables[2][1][1...].first == "0.3333333333333333" && tables[2][1][3] == "0.2")
  }

  @Test func `a sweep over the disturbance compares each method with itself undisturbed`()
    async throws
  {
    let folder = try ResultsFixture()
    let header =
      "method,seed,round,virtual_time_s,test_accuracy,selected,completed,dropped,late,bytes_down,bytes_up,cumulative_bytes,wasted_bytes"
    func rounds(_ seconds: Int, _ accuracy: Double, dropped: Int) -> String {
      header
        + "\na,0,0,0.0,0.5,0,0,0,0,0,0,0,0\na,0,1,\(seconds).0,\(accuracy),4,\(4 - dropped),\(dropped),0,50,50,100,\(10 * dropped)\n"
    }
    for (run, text) in [
      ("1", rounds(10, 0.75, dropped: 1)), ("2", rounds(12, 1.0, dropped: 0)),
      ("3", rounds(20, 0.5, dropped: 2)), ("4", rounds(24, 0.75, dropped: 3)),
    ] { try folder.write(text, to: "\(run)/rounds.csv") }
    try folder.write(
      """
      run,sweep:fleet.disturbance,method,seed,rounds,best_round,target_accuracy
      1,1,a,0,1,,0.7
      2,1,a,1,1,,0.7
      3,2,a,0,1,,0.7
      4,2,a,1,1,,0.7

      """, to: "sweep.csv")
    let page = try await Page(of: folder)
    let tables = page.tables(in: "protocols")
    #expect(
      tables[2] == [
        [
          "method", "disturbance", "final accuracy", "change", "virtual time", "slowdown",
          "tasks dropped out", "tasks late", "bytes wasted",
        ],
        ["a", "1", "0.875", "0", "11", "1", "0.125", "0", "0.05"],
        ["a", "2", "0.625", "-0.25", "22", "2", "0.625", "0", "0.25"],
      ])
    // Both seeds reach 70 % undisturbed, one of them disturbed.
    #expect(tables[1].dropFirst().map { $0[1] } == ["100", ""])
  }
}
