import Adaptation
import Tensors

/// The dense mean of the clients' weight changes: sum_k p_k s_k B_k A_k, [outputs, inputs] for
/// every layer, concatenated.
struct ProductMean: Codable, Sendable {
  private var sum: [Float] = []
  private var weight = 0.0
  /// The sum of the ranks so far.
  private(set) var rank = 0

  mutating func add(_ factors: [Float], _ size: LoRASize, _ shape: LoRAShape, weight: Double) {
    Self.add(factors, size, shape, weight: Float(weight), to: &sum)
    self.weight += weight
    rank += size.rank
  }

  /// Returns the mean and resets; nil if no change with a weight was added.
  mutating func take() -> [Float]? {
    defer { self = ProductMean() }
    guard weight > 0 else { return nil }
    let share = 1 / Float(weight)
    return LongVectors.make(sum.count) { [sum] range, mean in
      sum.withUnsafeBufferPointer { sum in
        for index in range { (mean + index).initialize(to: share * sum[index]) }
      }
    }
  }

  /// Subtracts weight s B A from a change, which leaves the residual of the factors.
  static func subtract(
    _ factors: [Float], _ size: LoRASize, _ shape: LoRAShape, from change: inout [Float]
  ) {
    add(factors, size, shape, weight: -1, to: &change)
  }

  private static func add(
    _ factors: [Float], _ size: LoRASize, _ shape: LoRAShape, weight: Float, to sum: inout [Float]
  ) {
    if sum.isEmpty { sum = .init(repeating: 0, count: shape.layers.reduce(0) { $0 + $1.count }) }
    var (offset, offsets) = (0, [Int]())
    for layer in shape.layers {
      offsets.append(offset)
      offset += layer.count
    }
    precondition(sum.count == offset, "a place for every layer's product")
    sum.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      nonisolated(unsafe) let sum = base
      LongVectors.forEach(shape.layers.indices) { [offsets] index in
        let layer = shape.layers[index]
        addProduct(
          factors[shape.range(of: .b, index, rank: size.rank)],
          factors[shape.range(of: .a, index, rank: size.rank)], to: sum + offsets[index],
          rows: layer.outputs, inner: size.rank, columns: layer.inputs,
          alpha: weight * shape.scale(size))
      }
    }
  }
}

/// The square root of the sum of squares.
func frobeniusNorm(_ numbers: [Float]) -> Double {
  numbers.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
}
