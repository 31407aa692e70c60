import Randomness

/// The linear layers with low-rank factors, and the layout of a vector of factors.
///
/// Factors of rank r are stored layer by layer as A [r, inputs] followed by B [outputs, r]. A
/// vector of a single part contains only that part of each layer.
package struct LoRAShape: Codable, Sendable, Equatable {
  package struct Layer: Codable, Sendable, Equatable {
    package let inputs: Int
    package let outputs: Int

    package init(inputs: Int, outputs: Int) {
      self.inputs = inputs
      self.outputs = outputs
    }

    /// The size of the layer's weight.
    package var count: Int { inputs * outputs }

    func count(of part: LoRAPart, rank: Int) -> Int {
      switch part {
      case .both: rank * (inputs + outputs)
      case .a: rank * inputs
      case .b: rank * outputs
      case .core: rank * rank
      }
    }
  }

  package let layers: [Layer]
  package let scaling: LoRAScaling

  package init(layers: [Layer], scaling: LoRAScaling) {
    self.layers = layers
    self.scaling = scaling
  }

  /// The factor of B A x.
  package func scale(_ size: LoRASize) -> Float {
    scaling.scale(alpha: size.alpha, rank: size.rank)
  }

  /// The length of a vector of one part.
  package func count(of part: LoRAPart, rank: Int) -> Int {
    layers.reduce(0) { $0 + $1.count(of: part, rank: rank) }
  }

  /// The range of A, B or both of a layer in a vector of factors.
  package func range(of part: LoRAPart, _ layer: Int, rank: Int) -> Range<Int> {
    precondition(part != .core, "a core is not a factor")
    let before = layers[..<layer].reduce(0) { $0 + $1.count(of: .both, rank: rank) }
    let start = part == .b ? before + layers[layer].count(of: .a, rank: rank) : before
    return start..<start + layers[layer].count(of: part, rank: rank)
  }

  /// The range of a layer in a vector that contains only `part`.
  package func ownRange(of part: LoRAPart, _ layer: Int, rank: Int) -> Range<Int> {
    let start = layers[..<layer].reduce(0) { $0 + $1.count(of: part, rank: rank) }
    return start..<start + layers[layer].count(of: part, rank: rank)
  }

  /// Extracts one part from a vector of factors.
  package func numbers(of part: LoRAPart, in factors: [Float], rank: Int) -> [Float] {
    part == .both
      ? factors : layers.indices.flatMap { factors[range(of: part, $0, rank: rank)] }
  }

  /// Factors with one part replaced.
  package func factors(
    _ factors: [Float], replacing part: LoRAPart, by numbers: [Float], rank: Int
  ) -> [Float] {
    precondition(numbers.count == count(of: part, rank: rank), "the numbers of the part")
    var factors = factors
    for layer in layers.indices {
      factors.replaceSubrange(
        range(of: part, layer, rank: rank), with: numbers[ownRange(of: part, layer, rank: rank)])
    }
    return factors
  }

  /// Factors with another rank: truncated to the first rows of A and columns of B, or padded with
  /// zeros.
  package func resizing(_ factors: [Float], from rank: Int, to newRank: Int) -> [Float] {
    guard rank != newRank else { return factors }
    var resized = [Float](repeating: 0, count: count(of: .both, rank: newRank))
    for (index, layer) in layers.enumerated() {
      let kept = min(rank, newRank)
      let (oldA, newA) = (
        range(of: .a, index, rank: rank).lowerBound,
        range(of: .a, index, rank: newRank).lowerBound
      )
      for place in 0..<kept * layer.inputs { resized[newA + place] = factors[oldA + place] }
      let (oldB, newB) = (
        range(of: .b, index, rank: rank).lowerBound,
        range(of: .b, index, rank: newRank).lowerBound
      )
      for row in 0..<layer.outputs {
        for column in 0..<kept {
          resized[newB + row * newRank + column] = factors[oldB + row * rank + column]
        }
      }
    }
    return resized
  }

  /// Initial factors: A drawn from N(0, 1/rank), B zero.
  package func drawnFactors(rank: Int, using stream: inout RandomStream) -> [Float] {
    let deviation = (1 / Double(rank)).squareRoot()
    var factors = [Float](repeating: 0, count: count(of: .both, rank: rank))
    for layer in layers.indices {
      for index in range(of: .a, layer, rank: rank) {
        factors[index] = Float(deviation * stream.normal())
      }
    }
    return factors
  }
}
