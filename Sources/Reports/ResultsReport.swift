import Foundation

/// Makes what people read of a folder of results, from its tables and its manifest alone.
package enum ResultsReport {
  /// Writes `report.html` into a run's folder, or that of a sweep.
  ///
  /// The file is put in place in one piece; the same tables give the same bytes.
  ///
  /// - Throws: `ReportError` where the folder is none of results, or a table is damaged; an error of the file
  ///   system where the page cannot be written.
  package static func write(in folder: URL) throws {
    try ResultsFolderCheck.check(folder)
    let page =
      SweepResults.isSweep(folder)
      ? try SweepReport(results: SweepResults(folder)).page
      : try RunReport(results: RunResults(folder)).page
    try Data(page.html().utf8).write(
      to: folder.appending(path: "report.html"), options: .atomic)
  }
}
