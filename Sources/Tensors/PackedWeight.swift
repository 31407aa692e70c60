import CKernels

/// A frozen weight laid out once for products with few rows, both ways through its layer.
///
/// A product library lays its operands out anew at every call, which costs more than the product where
/// one of them has some tens of rows. A weight that never changes can be laid out once.
package final class PackedWeight: @unchecked Sendable {
  let inputs: Int
  let outputs: Int
  // Written by the initialiser alone.
  private let forward: UnsafeMutablePointer<Float>
  private let backward: UnsafeMutablePointer<Float>

  /// Whether such products are faster than the library's: on processors with AVX-512.
  package static var pays: Bool { flora_packed_products_pay() }

  /// - Parameter weight: [outputs, inputs]
  /// - Returns: nil for widths that are no multiple of a panel's.
  package init?(_ weight: UnsafePointer<Float>, inputs: Int, outputs: Int) {
    let panel = flora_packed_panel()
    guard inputs % panel == 0, outputs % panel == 0 else { return nil }
    self.inputs = inputs
    self.outputs = outputs
    forward = .allocateOnCacheLine(inputs * outputs)
    backward = .allocateOnCacheLine(inputs * outputs)
    flora_pack(forward, weight, inputs, outputs, 1, inputs)
    flora_pack(backward, weight, outputs, inputs, inputs, 1)
  }

  deinit {
    forward.deallocate()
    backward.deallocate()
  }

  /// y = start + x Wᵀ
  func multiply(_ x: Matrix, into y: Matrix, start: ProductStart, _ context: ComputeContext) {
    precondition(x.columns == inputs && y.columns == outputs && x.rows == y.rows)
    context.multiply(x, packed: forward, into: y, start: start)
  }

  /// dx = start + dy W
  func multiplyBack(_ dy: Matrix, into dx: Matrix, start: ProductStart, _ context: ComputeContext) {
    precondition(dy.columns == outputs && dx.columns == inputs && dx.rows == dy.rows)
    context.multiply(dy, packed: backward, into: dx, start: start)
  }
}

extension UnsafeMutablePointer<Float> {
  fileprivate static func allocateOnCacheLine(_ count: Int) -> Self {
    UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
  }
}
