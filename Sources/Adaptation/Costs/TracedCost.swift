/// The cost of a computation on a device.
package struct TracedCost: Hashable, Sendable {
  /// Floating-point operations of all matrix products, 2 m n k each.
  package var flops: Int
  /// The peak memory in bytes, including weights.
  package var peakBytes: Int
  /// The kernels.
  package var roofline: Roofline
}
