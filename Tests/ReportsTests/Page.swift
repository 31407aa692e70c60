import Foundation

@testable import Reports

/// A report's page, read back from its HTML.
struct Page {
  let html: String

  init(of folder: ResultsFixture) async throws {
    let plots = try await ResultsReport.write(in: folder.url, plots: false)
    precondition(plots == .notAskedFor)
    html = try folder.text("report.html")
  }

  /// The identifiers of all figures.
  var figures: [String] {
    html.matches(of: /<figure id="([^"]*)"/).map { String($0.output.1) }
  }

  /// The HTML of a figure.
  func figure(_ identifier: String) throws -> String {
    guard let start = html.range(of: "<figure id=\"\(identifier)\""),
      let end = html[start.upperBound...].range(of: "</figure>")
    else { throw ReportError("there is no figure \(identifier)") }
    return Self.plain(String(html[start.lowerBound..<end.upperBound]))
  }

  /// The table below a figure, as copied; empty if there is none.
  func table(of identifier: String) -> [[String]] {
    guard let start = html.range(of: "<figure id=\"\(identifier)\""),
      let end = html[start.upperBound...].range(of: "</figure>")
    else { return [] }
    return Self.tables(html[start.lowerBound..<end.upperBound]).first ?? []
  }

  /// The tables of a section outside figures.
  func tables(in section: String) -> [[[String]]] {
    guard let start = html.range(of: "<section id=\"\(section)\""),
      let end = html[start.upperBound...].range(of: "</section>")
    else { return [] }
    let text = html[start.lowerBound..<end.upperBound]
      .replacing(/(?s)<figure.*?<\/figure>/, with: "")
    return Self.tables(Substring(text))
  }

  private static func tables(_ html: Substring) -> [[[String]]] {
    html.matches(of: /(?s)<table>.*?<\/table>/).map { table in
      table.output.matches(of: /(?s)<tr>.*?<\/tr>/).map { row in
        row.output.matches(of: /<t[hd]([^>]*)>(.*?)<\/t[hd]>/).map { cell in
          let raw = cell.output.1.firstMatch(of: /data-v="([^"]*)"/)
          return plain(String(raw?.output.1 ?? cell.output.2))
        }
      }
    }
  }

  private static func plain(_ text: String) -> String {
    text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
  }
}
