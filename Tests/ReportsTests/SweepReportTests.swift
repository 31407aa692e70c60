import Foundation
import Testing

@testable import Reports

struct SweepReportTests {
  private func sweep(overSeeds: Bool) throws -> ResultsFixture {
    let folder = try ResultsFixture()
    let header =
      "run,sweep:methods.flora.rank,method,seed,final_accuracy,bytes_to_target,virtual_time_s\n"
    let rows = [2, 4].enumerated().flatMap { index, rank in
      ["flora,\(rank),0.\(7 + index),1000\(index),50", "fedfft,\(rank),0.9,900000,60"].map { row in
        let fields = row.split(separator: ",")
        return
          "\(index + 1),\(fields[1]),\(fields[0]),0,\(fields[2]),\(fields[3]),\(fields[4])\n"
      }
    }
    try folder.write(header + rows.joined(), to: "sweep.csv")
    guard overSeeds else { return folder }
    try folder.write(
      """
      sweep:methods.flora.rank,method,seeds,final_accuracy_mean,final_accuracy_sd,final_accuracy_ci95,bytes_to_target_mean,bytes_to_target_sd,bytes_to_target_ci95
      2,flora,3,0.71,0.01,0.025,10000,100.0,250.5
      2,fedfft,3,0.9,0.01,0.03,,,
      4,flora,3,0.82,0.02,0.05,11000,100.0,240.5
      4,fedfft,3,0.9,0.01,0.03,,,

      """, to: "summary.csv")
    return folder
  }

  @Test func `means and intervals match summary.csv`() async throws {
    let page = try await Page(of: sweep(overSeeds: true))
    #expect(
      page.table(of: "swept-final_accuracy-0") == [
        ["methods.flora.rank", "method", "seeds", "final_accuracy", "ci95"],
        ["2", "flora", "3", "0.71", "0.025"], ["4", "flora", "3", "0.82", "0.05"],
        ["2", "fedfft", "3", "0.9", "0.03"], ["4", "fedfft", "3", "0.9", "0.03"],
      ])
    #expect(
      page.table(of: "swept-bytes_to_target-0").count == 3, "a method that lacks it is left out")
    let all = try #require(page.tables(in: "combinations").first)
    #expect(all.count == 5 && all[1].contains("250.5"))
    #expect(try page.figure("swept-final_accuracy-0").contains("class=\"whisker"))
  }

  @Test func `without seeds there are points but no intervals`() async throws {
    let page = try await Page(of: sweep(overSeeds: false))
    #expect(page.html.contains("no seeds were swept"))
    #expect(page.table(of: "swept-final_accuracy-0")[1] == ["2", "flora", "1", "0.7", ""])
    #expect(!page.html.contains("class=\"whisker"))
  }

  @Test func `non-numeric keys are shown by name`() async throws {
    let folder = try sweep(overSeeds: false)
    try folder.write(
      folder.text("sweep.csv").replacing(",2,", with: ",plain,").replacing(",4,", with: ",<rs>,"),
      to: "sweep.csv")
    let page = try await Page(of: folder)
    #expect(page.figures.filter { $0.hasPrefix("swept") }.isEmpty)
    #expect(try page.figure("combinations-final_accuracy").contains("flora · <rs>"))
  }

  @Test func `a sweep without a finished run is an error`() async throws {
    let folder = try ResultsFixture()
    try folder.write("run,method\n", to: "sweep.csv")
    await #expect(throws: ReportError.self) {
      try await ResultsReport.write(in: folder.url, plots: false)
    }
    #expect(try folder.names() == ["sweep.csv"])
  }
}
