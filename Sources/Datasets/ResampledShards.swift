import Foundation
import Randomness

/// Samples that each client draws for itself, so that there may be more clients than samples.
///
/// A client is a pure function of the seed and its id. It draws its number of samples,
/// `samples` * exp(sigma * z) with z standard normal, at least one; the class shares from
/// Dirichlet(`beta`), or those of the data without `beta`; and then each sample, with replacement.
package struct ResampledShards: Sendable {
  private let byClass: [[Int]]
  private let all: [Int]
  private let median: Int
  private let sigma: Double
  private let beta: Double?
  private let seed: UInt64

  /// - Parameter byClass: the train samples of each class; at least one class has some.
  init(_ byClass: [[Int]], samples: Int, sigma: Double, beta: Double?, seed: UInt64) {
    self.byClass = byClass.filter { !$0.isEmpty }
    all = byClass.flatMap { $0 }
    precondition(!all.isEmpty, "there are samples to draw from")
    median = samples
    self.sigma = sigma
    self.beta = beta
    self.seed = seed
  }

  /// The number of a client's samples. O(1).
  package func count(of client: Int) -> Int {
    guard sigma > 0 else { return median }
    var stream = RandomStream(seed: seed, purpose: "shard size", client)
    return Int(max(1, min(1e9, (Double(median) * exp(sigma * stream.normal())).rounded())))
  }

  /// The indices of a client's samples, ascending and possibly repeated.
  package func samples(of client: Int) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: "shard samples", client)
    let count = count(of: client)
    guard let beta else {
      return (0..<count).map { _ in all[stream.integer(below: all.count)] }.sorted()
    }
    let ends = stream.dirichlet(concentration: beta, count: byClass.count)
      .reduce(into: [0.0]) { $0.append($0.last! + $1) }.dropFirst()
    return (0..<count).map { _ in
      let place = stream.uniform()
      let label = min(ends.firstIndex { place < $0 } ?? ends.endIndex, ends.endIndex - 1) - 1
      return byClass[label][stream.integer(below: byClass[label].count)]
    }.sorted()
  }
}
