/// A table of numbers, formatted for display, with raw values for copying.
struct DataTable {
  struct Column {
    let title: String
    /// Numbers are right-aligned.
    var isNumber = true

    init(_ title: String, isNumber: Bool = true) {
      self.title = title
      self.isNumber = isNumber
    }
  }

  struct Cell: Equatable {
    let text: String
    /// The text to copy: the number as in the run's tables.
    let raw: String

    init(_ text: String, raw: String? = nil) {
      self.text = text
      self.raw = raw ?? text
    }

    /// A formatted number that is copied in full precision; a dash if nil.
    init(_ value: Double?, _ quantity: Quantity) {
      guard let value else {
        self.init("–", raw: "")
        return
      }
      self.init(quantity.spelled(value), raw: value.plain)
    }

    /// A whole number.
    init(_ value: Int) { self.init(Double(value).grouped, raw: "\(value)") }
  }

  let columns: [Column]
  let rows: [[Cell]]

  init(columns: [Column], rows: [[Cell]]) {
    precondition(rows.allSatisfy { $0.count == columns.count }, "a cell for each column")
    self.columns = columns
    self.rows = rows
  }

  /// The context for the page's template.
  var context: [String: Any] {
    [
      "columns": columns.map { ["title": $0.title, "number": $0.isNumber] as [String: Any] },
      "rows": rows.map { row in
        [
          "cells": zip(row, columns).enumerated().map { place, pair in
            let (cell, column) = pair
            return [
              "text": cell.text, "number": column.isNumber, "head": place == 0,
              "raw": cell.raw == cell.text ? [] : [cell.raw],
            ] as [String: Any]
          }
        ]
      },
    ]
  }
}
