import Foundation

/// 4-bit NormalFloat with double quantisation (QLoRA, Dettmers et al., arXiv 2305.14314), as
/// computed by bitsandbytes.
///
/// Each block of 64 values has a scale m, its largest magnitude. A value x becomes the code nearest
/// to x / m out of 16, which are quantiles of the normal distribution scaled to [-1, 1]. The scales
/// of every 256 blocks are quantised themselves, after subtracting their mean over all blocks, to
/// 8-bit codes with a dynamic exponent and fraction. A value is read back as
/// code * (code' * m' + mean), in float32.
enum NormalFloat4 {
  static let blockSize = 64
  static let nestedBlockSize = 256

  /// Half a byte per value, one byte per block, four per group of blocks, and four for the mean.
  static func bytes(count: Int) -> Int {
    let blocks = (count + blockSize - 1) / blockSize
    let groups = (blocks + nestedBlockSize - 1) / nestedBlockSize
    return (count + 1) / 2 + blocks + 4 * groups + 4
  }

  /// The dequantised values.
  ///
  /// - Parameter mean: the mean of the blocks' scales. By default it is computed in float64 and
  ///   rounded; the order of PyTorch's float32 sum depends on the processor.
  static func roundTrip(
    _ numbers: UnsafeBufferPointer<Float>, mean: Float? = nil
  ) -> [Float] {
    guard !numbers.isEmpty else { return [] }
    let blocks = numbers.indices.chunks(of: blockSize)
    let magnitudes = magnitudes(numbers)
    let stored = storedMagnitudes(magnitudes, mean: mean ?? Self.mean(magnitudes))
    var result = [Float](repeating: 0, count: numbers.count)
    for (index, block) in blocks.enumerated() {
      let scaling = Scaling(magnitudes[index], isWhole: block.count == blockSize)
      for place in block {
        result[place] = codes[nearest(scaling.scaled(numbers[place]), bounds)] * stored[index]
      }
    }
    return result
  }

  /// The largest magnitude of each block.
  static func magnitudes(_ numbers: UnsafeBufferPointer<Float>) -> [Float] {
    numbers.indices.chunks(of: blockSize).map { block in
      let magnitude = largest(numbers[block])
      return block.count == blockSize ? magnitude : max(magnitude, smallest)
    }
  }

  static func mean(_ magnitudes: [Float]) -> Float {
    Float(magnitudes.reduce(0.0) { $0 + Double($1) } / Double(magnitudes.count))
  }

  /// The dequantised scales of the blocks.
  private static func storedMagnitudes(_ magnitudes: [Float], mean: Float) -> [Float] {
    let centred = magnitudes.map { $0 - mean }
    var result = centred
    for group in centred.indices.chunks(of: nestedBlockSize) {
      let magnitude = max(
        largest(centred[group]), group.count == nestedBlockSize ? 0 : smallest)
      let scaling = Scaling(magnitude, isWhole: group.count == nestedBlockSize)
      for place in group {
        let code = dynamicCodes[nearest(scaling.scaled(centred[place]), dynamicBounds)]
        result[place] = code * magnitude + mean
      }
    }
    return result
  }

  private static func largest(_ numbers: some Sequence<Float>) -> Float {
    numbers.reduce(0) { max($0, abs($1)) }
  }

  /// A lower bound for magnitudes used as divisors.
  private static let smallest: Float = 1e-38

  /// Scales a block's values to [-1, 1]: full blocks are multiplied by a reciprocal; a shorter last
  /// one is divided.
  private struct Scaling {
    private let magnitude: Float
    private let reciprocal: Float?

    init(_ magnitude: Float, isWhole: Bool) {
      self.magnitude = max(magnitude, smallest)
      reciprocal = isWhole ? 1 / self.magnitude : nil
    }

    func scaled(_ x: Float) -> Float {
      let y = reciprocal.map { x * $0 } ?? x / magnitude
      return min(max(y, -1), 1)
    }
  }

  /// The first code whose upper bound is at least the value.
  private static func nearest(_ x: Float, _ bounds: [Float]) -> Int {
    var (low, high) = (0, bounds.count)
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] < x { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The midpoints between adjacent codes.
  private static func midpoints(_ codes: [Float]) -> [Float] {
    zip(codes, codes.dropFirst()).map { ($0 + $1) / 2 }
  }

  /// The 16 values of the paper's appendix E.
  static let codes: [Float] = [
    -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1,
  ]
  private static let bounds = midpoints(codes)

  /// 0, 1 and, for each of seven decades and each sign, fractions from 0.1 to 1, twice as many in
  /// each decade as in the one below (8-bit dynamic quantisation, Dettmers, arXiv 1511.04561).
  static let dynamicCodes: [Float] = {
    var codes: [Float] = [0, 1]
    for decade in 0..<7 {
      let items = 1 << decade
      // Computed from both ends to the middle with one rounding each, like PyTorch's linspace.
      let step = (1 - Float(0.1)) / Float(items)
      let ends = (0...items).map { index -> Float in
        2 * index < items + 1
          ? Float(0.1).addingProduct(step, Float(index))
          : Float(1).addingProduct(-step, Float(items - index))
      }
      let scale = Float(pow(10, Double(decade - 6)))
      for (low, high) in zip(ends, ends.dropFirst()) {
        let code = scale * ((low + high) / 2)
        codes += [code, -code]
      }
    }
    return codes.sorted()
  }()
  private static let dynamicBounds = midpoints(dynamicCodes)
}

extension Range<Int> {
  /// Consecutive chunks; the last may be shorter.
  fileprivate func chunks(of size: Int) -> [Range<Int>] {
    stride(from: lowerBound, to: upperBound, by: size).map {
      $0..<Swift.min($0 + size, upperBound)
    }
  }
}
