/// Pairs laid out on one picture, so that a person can look at them: each kind starts a new row.
public struct ContactSheet: Sendable {
  public let width: Int
  public let height: Int
  /// Red, green and blue of each pixel, rows from top to bottom.
  public private(set) var pixels: [UInt8]

  /// - Parameters:
  ///   - pairs: pictures of one size, in any order; within a kind they keep it.
  ///   - columns: how many pictures stand side by side.
  ///   - magnification: how many pixels a side each pixel of the pictures becomes.
  public init(_ pairs: [DrawnPair], columns: Int = 20, magnification: Int = 1) {
    precondition(columns > 0 && magnification > 0, "a sheet needs a column and a size")
    let size = pairs.first?.size ?? 0
    precondition(pairs.allSatisfy { $0.size == size }, "a sheet holds pictures of one size")
    var rows: [[DrawnPair]] = []
    for kind in DrawingKind.allCases {
      let ofKind = pairs.filter { $0.kind == kind }
      for start in stride(from: 0, to: ofKind.count, by: columns) {
        rows.append(Array(ofKind[start..<min(ofKind.count, start + columns)]))
      }
    }
    let pitch = size * magnification + Self.gap
    width = max(1, (rows.map(\.count).max() ?? 0) * pitch + Self.gap)
    height = max(1, rows.count * pitch + Self.gap)
    pixels = [UInt8](repeating: Self.gapLevel, count: width * height * 3)
    for (row, pairs) in rows.enumerated() {
      for (column, pair) in pairs.enumerated() {
        place(
          pair, left: Self.gap + column * pitch, top: Self.gap + row * pitch,
          magnification: magnification)
      }
    }
  }

  private static let gap = 2
  private static let gapLevel: UInt8 = 90

  private mutating func place(_ pair: DrawnPair, left: Int, top: Int, magnification: Int) {
    let side = pair.size * magnification
    for y in 0..<side {
      for x in 0..<side {
        let source = (y / magnification * pair.size + x / magnification) * 3
        let target = ((top + y) * width + left + x) * 3
        for channel in 0..<3 { pixels[target + channel] = pair.pixels[source + channel] }
      }
    }
  }
}
