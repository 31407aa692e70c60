import Tensors
import Testing

struct WorkerPoolTests {
  @Test(arguments: [1, 2, 7])
  func `results are in the order of the pieces`(workers: Int) {
    let pool = WorkerPool(workers: workers)
    let squares = pool.map(Array(0..<500)) { piece, _ in piece * piece }
    #expect(squares == (0..<500).map { $0 * $0 })
  }

  @Test func `a result can be awaited repeatedly`() {
    let pool = WorkerPool(workers: 1)
    let first = pool.submit { _ in "first" }
    let second = pool.submit { _ in "second" }
    #expect(second.wait() == "second")
    #expect(first.wait() == "first")
    #expect(first.wait() == "first")
  }
}
