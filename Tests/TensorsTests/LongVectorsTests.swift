import Foundation
import TestSupport
import Testing

@testable import Tensors

/// Vectors that idle workers process with the caller, compared with a single thread.
struct LongVectorsTests {
  private static let counts = [0, 1, LongVectors.rangeLength, LongVectors.rangeLength + 1, 200_000]

  @Test(arguments: counts, [0, 1, 3])
  func `every number is visited once`(count: Int, workers: Int) {
    var visits = [Float](repeating: 0, count: count)
    Self.helped(by: workers) {
      LongVectors.update(&visits) { range, visits in
        for index in range { visits[index] += 1 }
      }
    }
    #expect(visits.allSatisfy { $0 == 1 })
  }

  @Test(arguments: [0, 1, 3])
  func `a sum has the plain loop's bits for any number of workers`(workers: Int) {
    let (x, y) = (randomNumbers(200_000, seed: 1), randomNumbers(200_000, seed: 2))
    let sum = Self.helped(by: workers) { LongVectors.sum(x, 0.3, times: y) }
    #expect(sum == zip(x, y).map { $0 + 0.3 * $1 })
  }

  @Test func `busy workers are not waited for`() {
    let pool = WorkerPool(workers: 2)
    let (begun, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let busy = (0..<2).map { _ in
      pool.submit { _ in
        begun.signal()
        end.wait()
      }
    }
    for _ in busy { begun.wait() }
    let ones = [Float](repeating: 1, count: 200_000)
    let twos = LongVectors.$helpers.withValue(pool) { LongVectors.sum(ones, 1, times: ones) }
    #expect(twos.allSatisfy { $0 == 2 })
    for _ in busy { end.signal() }
    for work in busy { work.wait() }
  }

  @Test func `no more workers help than allowed`() {
    let caller = ObjectIdentifier(Thread.current)
    Self.helped(by: 3) {
      LongVectors.$mostHelpers.withValue(0) {
        LongVectors.forEach(0..<100) { _ in
          #expect(ObjectIdentifier(Thread.current) == caller)
        }
      }
    }
  }

  private static func helped<Result>(by workers: Int, _ body: () -> Result) -> Result {
    guard workers > 0 else { return body() }
    return LongVectors.$helpers.withValue(WorkerPool(workers: workers), operation: body)
  }
}
