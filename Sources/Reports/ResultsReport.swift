import Foundation

/// Makes what people read of a folder of results, from its tables and its manifest alone.
package enum ResultsReport {
  /// What became of the plots.
  package enum Plots: Equatable {
    /// Pictures of as many figures lie beside their scripts.
    case drawn(Int)
    /// There are scripts, and no gnuplot to draw them.
    case gnuplotIsMissing
    case notAskedFor
  }

  /// Writes `report.html` into a run's folder, or that of a sweep, and where asked for its `plots/`.
  ///
  /// Each file is put in place in one piece; the same tables give the same page.
  ///
  /// - Throws: `ReportError` where the folder is none of results, or a table is damaged; `PlotError` where gnuplot
  ///   fails; an error of the file system where something cannot be written.
  package static func write(in folder: URL, plots: Bool) async throws -> Plots {
    try ResultsFolderCheck.check(folder)
    let (page, set) = try read(folder)
    let html = try page.html()
    let place = try place(in: folder)
    // The page last: where it is there, all of the report is.
    let drawing = plots ? try await set.write(in: folder) : nil
    try Data(html.utf8).write(to: place, options: .atomic)
    return switch drawing {
    case .drawn(let count): .drawn(count)
    case .gnuplotIsMissing: .gnuplotIsMissing
    case nil: .notAskedFor
    }
  }

  /// Writes `report.html` alone, of a run that may still go on.
  ///
  /// - Parameter refresh: after how many seconds a browser loads the page again; nil for the last page of a run.
  /// - Throws: as `write(in:plots:)` does.
  package static func writePage(in folder: URL, refresh: Int?) throws {
    try ResultsFolderCheck.check(folder)
    var (page, _) = try read(folder)
    page.refresh = refresh
    let html = try page.html()
    try Data(html.utf8).write(to: place(in: folder), options: .atomic)
  }

  /// The file of the page.
  ///
  /// - Throws: `ReportError` where there is a file of that name that is no report.
  private static func place(in folder: URL) throws -> URL {
    let place = folder.appending(path: "report.html")
    guard let known = try? Data(contentsOf: place) else { return place }
    let marks = [RunReport.mark, SweepReport.mark]
    guard known.isEmpty || marks.contains(where: { known.range(of: Data($0.utf8)) != nil }) else {
      throw ReportError("\(place.path) is not a report of flora's; move it, and try again")
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
