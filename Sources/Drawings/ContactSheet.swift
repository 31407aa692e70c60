/// A grid of pictures for visual inspection.
public struct ContactSheet: Sendable {
  public let width: Int
  public let height: Int
  /// Red, green and blue of each pixel, rows from top to bottom.
  public private(set) var pixels: [UInt8]

  /// Lays out drawings, starting a new row for each kind.
  ///
  /// - Parameters:
  ///   - pairs: pictures of equal size, in any order; the order within a kind is kept.
  ///   - columns: the number of pictures per row.
  ///   - magnification: the scale factor per side.
  public init(_ pairs: [DrawnPair], columns: Int = 20, magnification: Int = 1) {
    let size = pairs.first?.size ?? 0
    precondition(pairs.allSatisfy { $0.size == size }, "a sheet holds pictures of one size")
    let groups = DrawingKind.allCases.map { kind in
      pairs.filter { $0.kind == kind }.map(\.pixels)
    }
    self.init(groups, size: size, columns: columns, magnification: magnification)
  }

  /// - Parameters:
  ///   - groups: pictures of size x size x 3 bytes; each group starts a new row.
  ///   - size: the side of the pictures in pixels.
  ///   - columns: the number of pictures per row.
  ///   - magnification: the scale factor per side.
  public init(_ groups: [[[UInt8]]], size: Int, columns: Int = 20, magnification: Int = 1) {
    precondition(columns > 0 && magnification > 0, "a sheet needs a column and a size")
    let rows = groups.flatMap { group in
      stride(from: 0, to: group.count, by: columns).map {
        group[$0..<min(group.count, $0 + columns)]
      }
    }
    let pitch = size * magnification + Self.gap
    width = max(1, (rows.map(\.count).max() ?? 0) * pitch + Self.gap)
    height = max(1, rows.count * pitch + Self.gap)
    pixels = [UInt8](repeating: Self.gapLevel, count: width * height * 3)
    for (row, pictures) in rows.enumerated() {
      for (column, picture) in pictures.enumerated() {
        place(
          picture, size: size, left: Self.gap + column * pitch, top: Self.gap + row * pitch,
          magnification: magnification)
      }
    }
  }

  private static let gap = 2
  private static let gapLevel: UInt8 = 90

  private mutating func place(
    _ picture: [UInt8], size: Int, left: Int, top: Int, magnification: Int
  ) {
    precondition(picture.count == size * size * 3, "a picture has three bytes a pixel")
    for y in 0..<size * magnification {
      for x in 0..<size * magnification {
        let source = (y / magnification * size + x / magnification) * 3
        let target = ((top + y) * width + left + x) * 3
        for channel in 0..<3 { pixels[target + channel] = picture[source + channel] }
      }
    }
  }
}
