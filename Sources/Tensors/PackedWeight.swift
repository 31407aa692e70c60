import CKernels

/// A frozen weight packed once for products with few rows, for both passes of its layer.
///
/// A product packs its right operand first, which takes much of its time if the left one has a few
/// dozen rows. A weight that never changes can be packed once. For products in bfloat16 it is also
/// rounded, and takes half the memory.
package final class PackedWeight: @unchecked Sendable {
  let inputs: Int
  let outputs: Int
  // Written only by the initialiser.
  private let numbers: Numbers

  /// The weight packed for y = x Wᵀ and for dx = dy W.
  private enum Numbers {
    case float32(forward: UnsafeMutablePointer<Float>, backward: UnsafeMutablePointer<Float>?)
    /// Pairs of bfloat16 numbers.
    case bfloat16(forward: UnsafeMutablePointer<UInt32>, backward: UnsafeMutablePointer<UInt32>)
  }

  /// Whether float32 products with packed weights are faster than others. They are not with
  /// Accelerate, which uses instructions that only Apple's libraries have.
  package static var pays: Bool {
    #if canImport(Accelerate)
      false
    #else
      true
    #endif
  }

  /// Whether such products are faster than those that pack the weight on every call.
  package static func pays(_ precision: Precision) -> Bool {
    switch precision {
    case .float32: pays
    case .bfloat16: true
    }
  }

  /// - Parameters:
  ///   - weight: [outputs, inputs]
  ///   - precision: the precision of the contexts that use it.
  ///   - goesBack: whether the layer has a backward pass; ignored except for float32.
  package init(
    _ weight: UnsafePointer<Float>, inputs: Int, outputs: Int, precision: Precision = .float32,
    goesBack: Bool = true
  ) {
    self.inputs = inputs
    self.outputs = outputs
    switch precision {
    case .float32:
      let forward = UnsafeMutablePointer<Float>.allocateOnCacheLine(
        flora_packed_count(inputs, outputs))
      flora_pack(forward, weight, inputs, outputs, 1, inputs)
      var backward: UnsafeMutablePointer<Float>?
      if goesBack {
        let target = UnsafeMutablePointer<Float>.allocateOnCacheLine(
          flora_packed_count(outputs, inputs))
        flora_pack(target, weight, outputs, inputs, inputs, 1)
        backward = target
      }
      numbers = .float32(forward: forward, backward: backward)
    case .bfloat16:
      let (forward, backward) = (
        UnsafeMutablePointer<UInt32>.allocateOnCacheLine(
          flora_bfloat16_packed_count(inputs, outputs)),
        UnsafeMutablePointer<UInt32>.allocateOnCacheLine(
          flora_bfloat16_packed_count(outputs, inputs))
      )
      flora_bfloat16_pack(forward, weight, inputs, outputs, 1, inputs)
      flora_bfloat16_pack(backward, weight, outputs, inputs, inputs, 1)
      numbers = .bfloat16(forward: forward, backward: backward)
    }
  }

  deinit {
    switch numbers {
    case .float32(let forward, let backward):
      forward.deallocate()
      backward?.deallocate()
    case .bfloat16(let forward, let backward):
      forward.deallocate()
      backward.deallocate()
    }
  }

  /// y = start + x Wᵀ
  func multiply(_ x: Matrix, into y: Matrix, start: ProductStart, _ context: ComputeContext) {
    precondition(x.columns == inputs && y.columns == outputs && x.rows == y.rows)
    switch numbers {
    case .float32(let forward, _): context.multiply(x, packed: forward, into: y, start: start)
    case .bfloat16(let forward, _): context.multiply(x, packed: forward, into: y, start: start)
    }
  }

  /// dx = start + dy W
  func multiplyBack(_ dy: Matrix, into dx: Matrix, start: ProductStart, _ context: ComputeContext) {
    precondition(dy.columns == outputs && dx.columns == inputs && dx.rows == dy.rows)
    switch numbers {
    case .float32(_, let backward):
      guard let backward else { preconditionFailure("packed for the way back too") }
      context.multiply(dy, packed: backward, into: dx, start: start)
    case .bfloat16(_, let backward): context.multiply(dy, packed: backward, into: dx, start: start)
    }
  }
}

extension UnsafeMutablePointer {
  fileprivate static func allocateOnCacheLine(_ count: Int) -> Self {
    UnsafeMutableRawPointer.allocate(
      byteCount: MemoryLayout<Pointee>.stride * count, alignment: 64
    ).bindMemory(to: Pointee.self, capacity: count)
  }
}
