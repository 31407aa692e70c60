/// A priority with the largest value first.
struct Descending<Value: Comparable & Sendable>: Comparable, Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }

  @inline(__always)
  static func < (lhs: Self, rhs: Self) -> Bool { rhs.value < lhs.value }
}
