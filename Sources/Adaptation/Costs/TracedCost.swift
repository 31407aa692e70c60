/// What a computation costs a device.
package struct TracedCost: Hashable, Sendable {
  /// Floating-point operations of all matrix products, 2 m n k each.
  package var flops: Int
  /// The most memory that it holds at one time, in bytes, weights included.
  package var peakBytes: Int
  /// Its kernels.
  package var roofline: Roofline
}
