import Adaptation

/// The correction D of a factor B [outputs, rank] that minimises 1 - cos(W, (B + D) A) + lambda |D|
/// for a given A [rank, inputs] and W [outputs, inputs].
///
/// LoRA-FAIR (arXiv 2411.14961) takes steps of gradient descent, without noise since nothing is
/// sampled. This solver takes proximal gradient steps from D = 0 instead, which are exact where |D|
/// has no derivative, with step sizes from a line search, so that the objective never increases.
/// With C = W A^T and G = A A^T, the cosine is <C, X> / (|W| sqrt(<X G, X>)) for X = B + D, so a
/// step takes rank^2 outputs operations. All in double precision and in a fixed order. D is zero
/// where the cosine is undefined, because W or B A is zero.
struct FactorCorrection {
  /// B + D.
  private(set) var corrected: [Float]

  private static let steps = 1000
  /// The length of a step, relative to that of B, below which the solver stops.
  private static let tolerance = 1e-9

  init(
    of b: ArraySlice<Float>, times a: ArraySlice<Float>, toward w: ArraySlice<Float>,
    _ layer: LoRAShape.Layer, rank: Int, penalty: Double
  ) {
    corrected = Array(b)
    let cosine = Cosine(a.map(Double.init), w, layer, rank: rank)
    let start = b.map(Double.init)
    guard let first = cosine.distance(start) else { return }
    let length = norm(start)
    var (change, distance, size) = ([Double](repeating: 0, count: start.count), first, 1.0)
    for _ in 0..<Self.steps {
      let gradient = cosine.gradient(zip(start, change).map { $0 + $1 })
      size *= 4
      var next = change
      var moved = 0.0
      while true {
        next = zip(change, gradient).map { $0 - size * $1 }
        // The proximal operator of size lambda |D|.
        let reach = norm(next)
        let kept = reach > 0 ? max(0, 1 - size * penalty / reach) : 0
        for index in next.indices { next[index] *= kept }
        let step = zip(next, change).map { $0 - $1 }
        moved = norm(step)
        let linear = zip(gradient, step).reduce(0) { $0 + $1.0 * $1.1 }
        let reached = cosine.distance(zip(start, next).map { $0 + $1 })
        if let reached, reached <= distance + linear + moved * moved / (2 * size) {
          distance = reached
          break
        }
        size /= 2
        // No step that the precision can distinguish lowers the objective.
        if moved <= Self.tolerance * length {
          moved = 0
          next = change
          break
        }
      }
      change = next
      if moved <= Self.tolerance * length { break }
    }
    corrected = zip(start, change).map { Float($0 + $1) }
  }
}

/// 1 - cos(W, X A) as a function of X [outputs, rank].
private struct Cosine {
  private let rank: Int
  /// C = W A^T [outputs, rank], divided by |W|.
  private var c: [Double]
  /// G = A A^T [rank, rank].
  private var g: [Double]

  init(_ a: [Double], _ w: ArraySlice<Float>, _ layer: LoRAShape.Layer, rank: Int) {
    self.rank = rank
    c = []
    g = []
    let w = w.map(Double.init)
    let length = norm(w)
    for row in 0..<layer.outputs {
      for i in 0..<rank {
        var sum = 0.0
        for column in 0..<layer.inputs {
          sum += w[row * layer.inputs + column] * a[i * layer.inputs + column]
        }
        c.append(length > 0 ? sum / length : 0)
      }
    }
    for i in 0..<rank {
      for j in 0..<rank {
        var sum = 0.0
        for column in 0..<layer.inputs {
          sum += a[i * layer.inputs + column] * a[j * layer.inputs + column]
        }
        g.append(sum)
      }
    }
  }

  /// Nil if the cosine is undefined.
  func distance(_ x: [Double]) -> Double? {
    let length = dot(product(x), x).squareRoot()
    guard length > 0, c.contains(where: { $0 != 0 }) else { return nil }
    return 1 - dot(c, x) / length
  }

  func gradient(_ x: [Double]) -> [Double] {
    let xg = product(x)
    let square = dot(xg, x)
    let (length, ratio) = (square.squareRoot(), dot(c, x) / square)
    return x.indices.map { (ratio * xg[$0] - c[$0]) / length }
  }

  /// X G.
  private func product(_ x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: x.count)
    for row in stride(from: 0, to: x.count, by: rank) {
      for i in 0..<rank {
        for j in 0..<rank { result[row + j] += x[row + i] * g[i * rank + j] }
      }
    }
    return result
  }
}

private func dot(_ x: [Double], _ y: [Double]) -> Double {
  zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
}

private func norm(_ x: [Double]) -> Double { dot(x, x).squareRoot() }
