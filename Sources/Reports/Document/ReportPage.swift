import Foundation
import Mustache

/// The report as a single self-contained page.
struct ReportPage {
  let title: String
  let subtitle: String
  let sections: [ReportSection]
  let footer: String
  /// The seconds after which a browser reloads the page; nil for a final page.
  var refresh: Int?

  /// The page as HTML.
  ///
  /// The same sections give the same bytes.
  func html() throws -> String {
    let library = MustacheLibrary(
      templates: [
        "page": try MustacheTemplate(string: Self.resource("page.mustache")),
        "table": try MustacheTemplate(string: Self.resource("table.mustache")),
      ])
    let context: [String: Any] = [
      "title": title, "subtitle": subtitle, "footer": footer,
      "style": try Self.resource("style.css"), "script": try Self.resource("copy.js"),
      "patterns": try Self.resource("patterns.svg"),
      "sections": sections.map(\.context), "refresh": refresh.map { [$0] } ?? [],
    ]
    guard let html = library.render(context, withTemplate: "page") else {
      preconditionFailure("the library has the page's template")
    }
    return html
  }

  private static func resource(_ name: String) throws -> String {
    try String(
      contentsOf: (Bundle.module.resourceURL ?? Bundle.module.bundleURL)
        .appending(path: "Page/\(name)"), encoding: .utf8)
  }
}
