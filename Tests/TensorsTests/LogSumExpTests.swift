import CKernels
import Foundation
import TestSupport
import Testing

/// The logarithm of a weighted sum of exponentials compared with double precision.
struct LogSumExpTests {
  @Test(arguments: [1, 3, 17, 64, 129], [1, 5])
  func `every element counts by its weight`(count: Int, stride: Int) {
    let x = randomNumbers(count * stride, seed: 1, scale: 4)
    let weight = randomNumbers(count, seed: 2).map(abs)
    let terms = (0..<count).map { exp(Double(x[$0 * stride])) }
    let plain = flora_log_sum_exp(x, nil, count, stride)
    #expect(relativeError([plain], [log(terms.reduce(0, +))]) < 1e-6)
    let weighted = flora_log_sum_exp(x, weight, count, stride)
    let sum = zip(terms, weight).reduce(0) { $0 + $1.0 * Double($1.1) }
    #expect(relativeError([weighted], [log(sum)], scale: 1) < 1e-5)
  }

  @Test func `large numbers do not overflow in either direction`() {
    #expect(flora_log_sum_exp([1e4, 1e4], nil, 2, 1) == 1e4 + Float(log(2.0)))
    #expect(flora_log_sum_exp([-1e4, -1e4], nil, 2, 1) == -1e4 + Float(log(2.0)))
    #expect(flora_log_sum_exp([1e4, -1e4], nil, 2, 1) == 1e4)
  }

  @Test func `an element with zero weight has no effect, however large`() {
    #expect(flora_log_sum_exp([1, 200, -3], [1, 0, 0], 3, 1) == 1)
  }
}
