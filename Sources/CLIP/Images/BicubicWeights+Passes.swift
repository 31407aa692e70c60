extension BicubicWeights {
  /// Resizes the rows `rows` of `image` to the kept pixels, into [rows, pixels, channels].
  func resizeWidth(
    of image: ImagePart, rows: Range<Int>, into output: UnsafeMutableBufferPointer<UInt8>
  ) {
    let channels = image.channels
    var target = 0
    weights.withUnsafeBufferPointer { weights in
      for row in rows {
        for taps in taps {
          let source = image.position(row: row, column: taps.start)
          for channel in 0..<channels {
            var sum = Self.half
            for tap in 0..<taps.count {
              let value = Int32(image.pixels[source + tap * channels + channel])
              sum &+= value &* weights[taps.firstWeight + tap]
            }
            output[target + channel] = Self.byte(sum)
          }
          target += channels
        }
      }
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
          let weight = weights[taps.firstWeight + tap]
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
