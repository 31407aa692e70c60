/// Values with a stable address for their whole lifetime, so that tables may point at them.
package final class FixedNumbers: @unchecked Sendable {
  /// Written only by the initialiser.
  package let base: UnsafePointer<Float>
  package let count: Int

  package init(_ numbers: [Float]) {
    count = numbers.count
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
    memory.initialize(from: numbers, count: count)
    base = UnsafePointer(memory)
  }

  deinit { base.deallocate() }
}
