import Foundation

/// Generates human-readable reports of a results folder, from only its tables and its manifest.
package enum ResultsReport {
  /// The status of the plots.
  package enum Plots: Equatable {
    /// The number of figures whose pictures were drawn next to their scripts.
    case drawn(Int)
    /// The scripts were written, but there is no gnuplot to draw them.
    case gnuplotIsMissing
    case notAskedFor
  }

  /// Writes `report.html` to the folder of a run or a sweep, and `plots/` on request.
  ///
  /// Files are replaced atomically; the same tables give the same page.
  ///
  /// - Throws: `ReportError` if the folder has no results, a table is damaged, or a file that flora
  ///   did not write is in the way; `PlotError` if gnuplot fails; a file system error if something
  ///   cannot be written.
  package static func write(in folder: URL, plots: Bool) async throws -> Plots {
    try ResultsFolderCheck.check(folder)
    let (page, set) = try read(folder)
    let html = try page.html()
    let place = try place(in: folder)
    // The page is written last: if it exists, the report is complete.
    let drawing = plots ? try await set.write(in: folder) : nil
    try Data(html.utf8).write(to: place, options: .atomic)
    return switch drawing {
    case .drawn(let count): .drawn(count)
    case .gnuplotIsMissing: .gnuplotIsMissing
    case nil: .notAskedFor
    }
  }

  /// Writes only `report.html`, for a run that may be unfinished.
  ///
  /// - Parameter refresh: the seconds after which a browser reloads the page; nil for a run's final
  ///   page.
  /// - Throws: the errors of `write(in:plots:)`.
  package static func writePage(in folder: URL, refresh: Int?) throws {
    try ResultsFolderCheck.check(folder)
    var (page, _) = try read(folder)
    page.refresh = refresh
    let html = try page.html()
    try Data(html.utf8).write(to: place(in: folder), options: .atomic)
  }

  /// The file of the page.
  ///
  /// - Throws: `ReportError` if a file of that name exists that is not a report.
  private static func place(in folder: URL) throws -> URL {
    let place = folder.appending(path: "report.html")
    guard let known = try? Data(contentsOf: place) else { return place }
    let marks = [RunReport.mark, SweepReport.mark]
    guard known.isEmpty || marks.contains(where: { known.range(of: Data($0.utf8)) != nil }) else {
      throw OwnOutput.fault(place)
    }
    return place
  }

  private static func read(_ folder: URL) throws -> (ReportPage, PlotSet) {
    if SweepResults.isSweep(folder) {
      let results = try SweepResults(folder)
      return (SweepReport(results: results).page, SweepPlots(results: results).plots)
    }
    let results = try RunResults(folder)
    return (RunReport(results: results).page, RunPlots(results: results).plots)
  }
}
