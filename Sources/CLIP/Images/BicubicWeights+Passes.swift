import CKernels

extension BicubicWeights {
  /// Resizes the rows `rows` of `image` to the kept pixels, into [rows, pixels, channels].
  func resizeWidth(
    of image: ImagePart, rows: Range<Int>, into output: UnsafeMutableBufferPointer<UInt8>
  ) {
    guard let target = output.baseAddress, let source = image.pixels.baseAddress else { return }
    for (index, row) in rows.enumerated() {
      flora_resize_line(
        target + index * taps.count * image.channels,
        source + image.position(row: row, column: image.left), image.left, weights, taps,
        taps.count, image.channels)
    }
  }

  /// Resizes the columns `columns` of `image` to the kept pixels, into [pixels, columns, channels].
  func resizeHeight(
    of image: ImagePart, columns: Range<Int>, into output: UnsafeMutableBufferPointer<UInt8>
  ) {
    let rowCount = columns.count * image.channels
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: rowCount) { sums in
      for (place, taps) in taps.enumerated() {
        sums.initialize(repeating: Self.half)
        for tap in 0..<taps.count {
          let weight = weights[taps.first + tap]
          let source = image.position(row: taps.start + tap, column: columns.lowerBound)
          for index in 0..<rowCount {
            sums[index] &+= Int32(image.pixels[source + index]) &* weight
          }
        }
        for index in 0..<rowCount { output[place * rowCount + index] = Self.byte(sums[index]) }
      }
    }
  }

  private static let half = Int32(1) << (fractionBits - 1)

  private static func byte(_ sum: Int32) -> UInt8 {
    UInt8(clamping: sum >> fractionBits)
  }
}
