extension ComputeContext {
  /// Scales a vector down to the Euclidean norm `limit` if it is longer.
  package func limitNorm(of vector: Matrix, to limit: Float) {
    guard computes else { return }
    var squares = 0.0
    for index in 0..<vector.count {
      squares += Double(vector.base[index]) * Double(vector.base[index])
    }
    let norm = Float(squares.squareRoot())
    guard norm > limit else { return }
    let scale = limit / norm
    for index in 0..<vector.count { vector.base[index] *= scale }
  }
}
