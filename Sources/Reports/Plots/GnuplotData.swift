/// A gnuplot data file: blocks of rows, which scripts select by index.
struct GnuplotData {
  struct Block {
    let name: String
    /// Nil if a field does not apply.
    let rows: [[String?]]
  }

  /// Includes the extension.
  let name: String
  let columns: [String]
  let blocks: [Block]

  /// The beginning of every data file, by which flora recognises its own.
  static let beginning = "# Columns: "

  var text: String {
    let head =
      GnuplotText.comment("Columns: \(columns.joined(separator: " "))") + "\n"
      + GnuplotText.comment("Blocks are separated by two empty lines; NaN marks a missing value.")
      + "\n"
    return head
      + blocks.map { block in
        GnuplotText.comment(block.name) + "\n"
          + block.rows.map { row in
            precondition(row.count == columns.count, "a field for each column")
            return row.map { $0 ?? "NaN" }.joined(separator: " ") + "\n"
          }.joined()
      }.joined(separator: "\n\n")
  }
}
