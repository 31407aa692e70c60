import Foundation
import Testing

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A run's page, compared with its source tables.
struct RunReportTests {
  @Test func `the summary's numbers match summary.csv`() async throws {
    let page = try await Page(of: .run())
    let table = try #require(page.tables(in: "overview").first)
    #expect(table[0] == ["", "flora", "against full", "fedfft"])
    let rows = Dictionary(uniqueKeysWithValues: table.dropFirst().map { ($0[0], $0) })
    #expect(rows["final_accuracy"] == ["final_accuracy", "0.75", "", "0.8125"])
    #expect(rows["bytes_to_target"] == ["bytes_to_target", "3000", "0.0075", "400000"])
    #expect(rows["bytes_down"] == ["bytes_down", "3000", "0.015", "200000"])
    #expect(rows["time_to_target_s"]?[1] == "10.000000001")
    #expect(rows["eligible_share"]?[3] == "0.6666666666666666")
    #expect(page.html.contains("133× less than fedfft"))
  }

  @Test func `with many methods, each is a row`() async throws {
    let folder = try ResultsFixture.run()
    for name in ["rounds.csv", "summary.csv"] {
      let text = try folder.text(name)
      let own = text.split(separator: "\n").filter { $0.hasPrefix("flora,") }
      let copies = (1...4).flatMap { number in own.map { "\(number)\($0)\n" } }.joined()
      try folder.write(text + copies, to: name)
    }
    try folder.remove("tasks.csv")
    let page = try await Page(of: folder)
    let tables = page.tables(in: "overview")
    #expect(
      tables[0].map { $0[0] } == [
        "method", "flora", "fedfft", "1flora", "2flora", "3flora", "4flora",
      ])
    let column = try #require(tables[0][0].firstIndex(of: "bytes down"))
    #expect(
      tables[0].map { $0[column] } == ["bytes down", "3000", "200000"]
        + Array(repeating: "3000", count: 4))
    let ratio = try #require(tables[1][0].firstIndex(of: "bytes down"))
    #expect(tables[1].count == 6 && tables[1][1][ratio] == "0.015")
  }

  @Test func `the figures' numbers match rounds.csv, and energy is summed`() async throws {
    let page = try await Page(of: .run())
    #expect(
      page.table(of: "accuracy-bytes") == [
        ["method", "round", "cumulative_bytes", "test_accuracy"], ["flora", "0", "0", "0.5"],
        ["flora", "1", "3000", "0.625"], ["flora", "2", "5000", "0.75"],
        ["fedfft", "0", "0", "0.5"], ["fedfft", "1", "400000", "0.8125"],
      ])
    #expect(
      page.table(of: "accuracy-energy").map { $0[2] }.suffix(5) == [
        "0", "12.5", "20", "0", "20.25",
      ])
    #expect(page.table(of: "accuracy-time").map { $0[2] }.prefix(4).last == "40.000000001")
  }

  @Test func `tasks are counted by class and outcome`() async throws {
    let page = try await Page(of: .run())
    let rows = page.table(of: "outcomes").filter { $0[3] != "0" }
    #expect(
      rows == [
        ["method", "device_class", "outcome", "tasks", "bytes"],
        ["flora", "phone", "completed", "1", "2000"],
        ["flora", "phone", "dropped_training", "1", "1000"],
        ["flora", "camera", "completed", "1", "2000"],
        ["fedfft", "phone", "completed", "1", "400000"],
        ["fedfft", "camera", "excluded_memory", "1", "0"],
      ])
  }

  @Test func `the slowest round shows its critical path`() async throws {
    let page = try await Page(of: .run())
    let caption = try page.figure("timeline-flora")
    #expect(caption.contains("flora: round 2, the slowest"))
    #expect(
      caption.contains(
        "client 0 (phone) completed, after 5.00 s until it started, 5.00 s of download, 10.0 s of training, 10.0 s of upload"
      ),
      "\(caption)")
    #expect(
      page.table(of: "timeline-flora").dropFirst() == [
        [
          "0", "phone", "2", "completed", "15.000000001", "5.000000000", "10.000000000",
          "10.000000000", "40.000000001",
        ]
      ])
    let full = try page.figure("timeline-fedfft")
    #expect(full.contains("1 selected device did not start: insufficient memory."), "\(full)")
  }

  @Test func `the rounds' waiting times add up to the total time`() async throws {
    let page = try await Page(of: .run())
    let table = try #require(page.tables(in: "rounds").first)
    // flora: 10.000000001 s by the camera of client 2, 30 s by the phone of client 0.
    #expect(table[1].prefix(4) == ["flora", "phone", "1", "30"])
    #expect(abs(try #require(Double(table[1][4])) - 30 / 40.000000001) < 1e-12)
    #expect(table[1].suffix(4).compactMap(Double.init).reduce(0, +) == 1)
    #expect(table[2].prefix(3) == ["flora", "camera", "1"])
    #expect(Double(table[2][6]) == 1 / 10.000000001)
  }

  @Test func `fairness includes devices that were never selected`() async throws {
    let page = try await Page(of: .run())
    let table = try #require(page.tables(in: "fairness").first)
    // fedfft has one update, from one of three clients: Gini 2/3, Jain 1/3.
    let row = try #require(table.first { $0[0] == "fedfft" && $0[1] == "completed updates" })
    #expect(row[2] == "3" && row[3] == "1")
    #expect(abs(Double(row[4])! - 2.0 / 3) < 1e-12 && abs(Double(row[5])! - 1.0 / 3) < 1e-12)
  }

  @Test func `the fleet's figures show its quantiles`() async throws {
    let page = try await Page(of: .run())
    #expect(
      page.table(of: "fleet-memory_bytes").dropFirst() == [
        ["phone", "2", "10000", "12500", "15000", "17500", "20000"],
        ["camera", "1", "5000", "5000", "5000", "5000", "5000"],
      ])
  }

  @Test func `method names are escaped everywhere`() async throws {
    let name = "<script>alert('x')</script>\"{a_b}\\&"
    let folder = try ResultsFixture.run(flora: name)
    let page = try await Page(of: folder)
    #expect(!page.html.contains("<script>alert"))
    #expect(page.html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;{a_b}\\&amp;"))
    #expect(page.table(of: "accuracy-bytes")[1][0] == name)
  }

  @Test func `the same tables give the same page, at any time and place`() async throws {
    let first = try await Page(of: .run())
    let second = try ResultsFixture.run()
    try second.write(
      second.text("manifest.json").replacing("2031-05-06T07:08:09Z", with: "2032-01-01T00:00:00Z")
        .replacing("4321.5", with: "1.5"), to: "manifest.json")
    #expect(try await Page(of: second).html == first.html)
    for words in ["2031", "4321", second.url.path] { #expect(!first.html.contains(words)) }
  }

  @Test func `the page is self-contained`() async throws {
    let html = try await Page(of: .run()).html
    for words in ["http:", "https:", "src=", "@import", "<link rel=\"stylesheet\"", "url(\""] {
      #expect(!html.contains(words), "\(words)")
    }
  }

  @Test func `the SVG figures are well-formed XML`() async throws {
    let html = try await Page(of: .run(flora: "<b>\"'&")).html
    let pictures = html.matches(of: /(?s)<svg.*?<\/svg>/).map { String($0.output) }
    #expect(pictures.count > 30)
    for picture in pictures {
      let root = try XMLDocument(xmlString: picture)
      #expect(root.rootElement()?.name == "svg")
    }
  }

  // MARK: Incomplete runs

  @Test(arguments: [
    ("tasks.csv", "There are no timelines of rounds: the folder has no tasks.csv."),
    ("manifest.json", "The scenario is unknown: there is no manifest.json"),
    ("fleet.csv", "The devices are unknown: the folder has no fleet.csv."),
    ("summary.csv", "The run was stopped before it finished"),
    ("participants.csv", "Which devices have insufficient memory is unknown"),
  ]) func `missing parts of a run are omitted with an explanation`(
    _ file: String, _ sentence: String
  )
    async throws
  {
    let folder = try ResultsFixture.run()
    try folder.remove(file)
    let page = try await Page(of: folder)
    #expect(page.html.contains(sentence))
    #expect(page.figures.allSatisfy { !page.table(of: $0).isEmpty })
  }

  @Test func `a scenario without task reports is mentioned`() async throws {
    let folder = try ResultsFixture.run()
    try folder.remove("tasks.csv")
    try folder.write(
      folder.text("manifest.json").replacing("\"all\"", with: "\"none\""), to: "manifest.json")
    let page = try await Page(of: folder)
    #expect(page.html.contains("the scenario disables tasks.csv (report.tasks: none)"))
    #expect(!page.figures.contains("outcomes") && page.figures.contains("accuracy-bytes"))
  }

  @Test func `a timing-only run without power has neither accuracy nor energy`() async throws {
    let folder = try ResultsFixture.run()
    for name in ["rounds.csv", "summary.csv"] {
      let lines = try folder.text(name).split(separator: "\n").map { line in
        var fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        if fields[0] != "method" {
          for place in name == "rounds.csv" ? [4, 5, 17] : [3, 4, 5, 6, 7, 8, 9, 19] {
            fields[place] = ""
          }
        }
        return fields.joined(separator: ",")
      }
      try folder.write(lines.joined(separator: "\n") + "\n", to: name)
    }
    let page = try await Page(of: folder)
    #expect(!page.html.contains("id=\"accuracy\""))
    #expect(page.html.contains("timing-only (training: none)"))
    #expect(page.html.contains("no device class of the scenario sets power"))
    #expect(!page.figures.contains { $0.hasPrefix("accuracy") || $0 == "cost-energy" })
  }

  @Test func `a stopped run is summarized from its rounds`() async throws {
    let folder = try ResultsFixture.run()
    for name in ["summary.csv", "manifest.json", "participants.csv", "missing_data.csv"] {
      try folder.remove(name)
    }
    let table = try #require(try await Page(of: folder).tables(in: "overview").first)
    #expect(table[0] == ["", "flora", "fedfft"])
    let rows = Dictionary(uniqueKeysWithValues: table.dropFirst().map { ($0[0], $0) })
    #expect(rows["best_accuracy"] == ["best_accuracy", "0.75", "0.8125"])
    #expect(rows["bytes_up"] == ["bytes_up", "2000", "200000"])
    #expect(rows["device_energy_j"] == ["device_energy_j", "20", "20.25"])
    #expect(rows["wasted_share"] == ["wasted_share", "0.2", "0"])
  }

  // MARK: Errors

  @Test(arguments: [
    (
      "tasks.csv", "completed,0.000000000,1.000000000,8", "compleet,0.000000000,1.000000000,8",
      "line 3"
    ),
    ("tasks.csv", "8.000000000", "80.000000000", "line 3: the task ends before its phases do"),
    ("tasks.csv", "fedfft,7,1,2", "other,7,1,2", "line 5: rounds.csv has no method other"),
    ("rounds.csv", "0.625", "0,625", "line 3"), ("rounds.csv", "3000,1000", "many,1000", "line 3"),
    ("summary.csv", "0.0075", "x", "line 2"),
    ("participants.csv", "camera,1,1", "camera,1,2", "line 5"),
    ("missing_data.csv", "40,10", "4,10", "line 3"), ("fleet.csv", "500000000", "fast", "line 4"),
    ("manifest.json", "{\"flora_version\"", "\"flora_version\"", "manifest.json"),
  ]) func `a damaged table is named with its line, and nothing is written`(
    _ name: String, _ from: String, _ to: String, _ words: String
  ) async throws {
    let folder = try ResultsFixture.run()
    let text = try folder.text(name)
    try folder.write(text.replacing(from, with: to, maxReplacements: 1), to: name)
    #expect(try folder.text(name) != text)
    let names = try folder.names()
    let error = try await #require(throws: ReportError.self) {
      try await ResultsReport.write(in: folder.url, plots: true)
    }
    #expect(error.description.contains(name) && error.description.contains(words), "\(error)")
    #expect(try folder.names() == names)
  }

  @Test func `a run that has not tested a version has no report yet`() async throws {
    let folder = try ResultsFixture.run()
    let header = try #require(try folder.text("rounds.csv").split(separator: "\n").first)
    try folder.write(header + "\n", to: "rounds.csv")
    await #expect(throws: ReportError.self) {
      try await ResultsReport.write(in: folder.url, plots: false)
    }
  }
}
