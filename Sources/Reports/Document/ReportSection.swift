/// A section of the report with a heading.
struct ReportSection {
  /// A highlighted number.
  struct Card {
    let label: String
    let value: String
    let note: String
  }

  let identifier: String
  let title: String
  var paragraphs: [String] = []
  var cards: [Card] = []
  /// Tables without a figure, each with a caption.
  var tables: [(caption: String, table: DataTable)] = []
  var figures: [Figure] = []
  /// What is omitted here, each as a sentence that says why.
  var omissions: [String] = []

  /// The context for the page's template.
  var context: [String: Any] {
    [
      "identifier": identifier, "title": title, "paragraphs": paragraphs, "omissions": omissions,
      "cards": cards.map { ["label": $0.label, "value": $0.value, "note": $0.note] },
      "hasCards": !cards.isEmpty, "hasFigures": !figures.isEmpty,
      "tables": tables.map {
        ["caption": $0.caption, "table": $0.table.context] as [String: Any]
      },
      "figures": figures.map(\.context),
    ]
  }
}
