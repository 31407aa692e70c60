import Foundation
import Testing

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The plots, as interpreted by gnuplot.
struct PlotTests {
  @Test func `gnuplot draws the values of rounds.csv`() async throws {
    let folder = try await plotted(.run())
    let time = try table("accuracy-time", in: folder)
    #expect(time.map(\.title) == ["flora", "fedfft", "target"])
    // The longest method takes 40 s, so the axis is in seconds.
    #expect(time[0].matches([(0, 50), (10.000000001, 62.5), (40.000000001, 75)]))
    #expect(time[1].matches([(0, 50), (20, 81.25)]))
    #expect(time[2].points.allSatisfy { $0.y == 60 })
    let traffic = try table("accuracy-traffic", in: folder)
    #expect(traffic[0].matches([(3000, 62.5), (5000, 75)]), "a logarithmic axis has no zero")
    #expect(traffic[1].matches([(400_000, 81.25)]))
    let energy = try table("accuracy-energy", in: folder)
    #expect(energy[0].matches([(0, 50), (12.5, 62.5), (20, 75)]))
  }

  @Test func `gnuplot draws the values of summary.csv and tasks.csv`() async throws {
    let folder = try await plotted(.run())
    let traffic = try table("costs-traffic", in: folder)
    #expect(traffic.map(\.title) == ["down", "up"])
    #expect(traffic[0].matches([(200_000, 0), (3000, 1)]))
    #expect(traffic[1].matches([(200_000, 0), (2000, 1)]))
    let clients = try table("clients", in: folder)
    // flora: two of three clients have one update each; fedfft: one has all.
    #expect(clients[0].matches([(0, 0), (100 / 3.0, 0), (200 / 3.0, 50), (100, 100)]))
    #expect(clients[1].matches([(0, 0), (200 / 3.0, 0), (100, 100)]))
    let outcomes = try table("outcomes", in: folder)
    #expect(
      outcomes.map(\.title) == ["completed", "dropped out in training", "insufficient memory"])
  }

  @Test func `method names are plain text for gnuplot`() async throws {
    for names in [["<script>{a_b}^2\"\\", "it's`date`@x%g#"], ["a'\\", "$1"]] {
      let folder = try await plotted(.run(flora: names[0], full: names[1]))
      #expect(try table("accuracy-time", in: folder).prefix(2).map(\.title) == names)
      let picture = try XMLDocument(
        data: Data(contentsOf: folder.url.appending(path: "plots/accuracy-time.svg")))
      let texts = try picture.nodes(forXPath: "//*[local-name()='text']").map {
        ($0.stringValue ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
      }
      #expect(names.allSatisfy(texts.contains), "\(texts)")
    }
  }

  @Test func `every script writes an SVG and a PNG, and nothing else changes`() async throws {
    let folder = try ResultsFixture.run()
    try folder.write("mine", to: "plots/mine.gp")
    // The picture of an earlier report, with its script.
    try folder.write(
      "# outcomes\n# flora report overwrites this file; to keep changes, copy it.\n",
      to: "plots/outcomes.gp")
    try folder.write("old", to: "plots/outcomes.svg")
    _ = try await plotted(folder)
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.url.appending(path: "plots").path)
    let scripts = names.filter { $0.hasSuffix(".gp") && $0 != "mine.gp" }
    #expect(scripts.count == 16)
    for script in scripts {
      let stem = script.dropLast(3)
      let png = try Data(contentsOf: folder.url.appending(path: "plots/\(stem).png"))
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]) && png.count > 2000)
      #expect(try folder.text("plots/\(stem).svg").hasSuffix("</svg>\n\n"))
    }
    #expect(try folder.text("plots/mine.gp") == "mine")
    #expect(try folder.names().filter { $0.hasPrefix(".") } == [])
  }

  @Test(arguments: ["outcomes.gp", "outcomes.svg", "outcomes.dat", "outcomes.png"])
  func `a file in plots that flora did not write is named and not replaced`(name: String)
    async throws
  {
    let folder = try ResultsFixture.run()
    try folder.write("mine", to: "plots/\(name)")
    let names = try folder.names()
    let error = try await #require(throws: ReportError.self) {
      try await ResultsReport.write(in: folder.url, plots: true)
    }
    #expect(error.description.contains("plots/\(name) was not written by flora"))
    #expect(try folder.text("plots/\(name)") == "mine" && folder.names() == names)
    #expect(try await ResultsReport.write(in: folder.url, plots: false) == .notAskedFor)
  }

  @Test func `gnuplot draws each script without a warning`() async throws {
    let folder = try await plotted(.run())
    let plots = folder.url.appending(path: "plots")
    let names = try FileManager.default.contentsOfDirectory(atPath: plots.path)
    for script in names where script.hasSuffix(".gp") {
      let process = Process()
      let errors = Pipe()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["gnuplot", script]
      process.currentDirectoryURL = plots
      process.standardError = errors
      try process.run()
      let message = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(!message.contains("warning"), "\(script): \(message)")
    }
  }

  @Test func `of a sweep, intervals are drawn`() async throws {
    let folder = try ResultsFixture()
    try folder.write(
      "run,sweep:seed,method,final_accuracy\n1,0,flora,0.7\n2,1,flora,0.8\n", to: "sweep.csv")
    try folder.write(
      "method,seeds,final_accuracy_mean,final_accuracy_sd,final_accuracy_ci95\nflora,2,0.75,0.07,0.125\n",
      to: "summary.csv")
    let series = try table("sweep-final_accuracy", in: try await plotted(folder))
    #expect(series[0].title == "flora" && series[0].matches([(75, 0)]))
    #expect(series[0].points[0].rest.prefix(2) == [62.5, 87.5])
  }

  // MARK: Reading back

  private func plotted(_ folder: ResultsFixture) async throws -> ResultsFixture {
    let plots = try await ResultsReport.write(in: folder.url, plots: true)
    guard case .drawn(let count) = plots, count > 0 else {
      throw PlotError("gnuplot is missing, which these tests need: apt install gnuplot-nox")
    }
    return folder
  }

  private struct Series {
    let title: String
    var points: [(x: Double, y: Double, rest: [Double])] = []

    /// To the six digits that gnuplot writes.
    func matches(_ expected: [(Double, Double)]) -> Bool {
      points.count == expected.count
        && zip(points, expected).allSatisfy {
          abs($0.x - $1.0) <= 1e-5 * abs($1.0) && abs($0.y - $1.1) <= 1e-5 * abs($1.1)
        }
    }
  }

  /// What a script plots, from gnuplot's table output instead of a picture.
  private func table(_ name: String, in folder: ResultsFixture) throws -> [Series] {
    let script = try folder.text("plots/\(name).gp").split(separator: "\n")
      .filter { !$0.hasPrefix("set terminal") && !$0.hasPrefix("set output") && $0 != "replot" }
      .joined(separator: "\n").replacing(
        "\nplot ", with: "\nset format '%.12g'\nset table '\(name).table'\nplot ")
    try folder.write(script, to: "plots/\(name).test.gp")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gnuplot", "\(name).test.gp"]
    process.currentDirectoryURL = folder.url.appending(path: "plots")
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    var series: [Series] = []
    for line in try folder.text("plots/\(name).table").split(separator: "\n") {
      if let title = line.wholeMatch(of: /# Curve title: "(.*)"/) {
        series.append(Series(title: String(title.output.1)))
      }
      // The last field says whether a point is in range (i), out of range (o), or undefined (u).
      let fields = line.split(separator: " ")
      guard !line.hasPrefix("#"), let kind = fields.last, kind == "i", fields.count >= 3 else {
        continue
      }
      let numbers = fields.compactMap { Double($0) }
      series[series.count - 1].points.append((numbers[0], numbers[1], Array(numbers.dropFirst(2))))
    }
    return series
  }
}
