/// Sequences of different lengths whose rows lie one after the other in a matrix, without padding.
package struct RaggedRows {
  package let lengths: [Int]
  /// The first row of each sequence, and the number of rows behind the last.
  package let starts: [Int]

  package init(lengths: [Int]) {
    self.lengths = lengths
    starts = lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
  }

  package var count: Int { lengths.count }
  package var rowCount: Int { starts[lengths.count] }
}
