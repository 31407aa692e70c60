import Foundation
import Tensors

/// The weights of a frozen CLIP model, shared by all workers.
package final class CLIPWeights: @unchecked Sendable {
  // The memory behind the pointers is never written after initialisation and lives as long as this
  // instance.

  /// One pointer per parameter of the layout.
  package let values: [UnsafePointer<Float>]
  /// The source of the weights; nil if they were not read from files.
  let files: WeightFiles?
  /// Whether the pointers refer to actual weights; a model used only for its shape has none.
  let isRead: Bool
  private let owned: [UnsafeMutablePointer<Float>]

  /// Reads the parameters of `layout`, using them in place in the mapped files.
  ///
  /// Values that are not float32, or not aligned, are converted to memory once.
  ///
  /// - Throws: `ModelError` if a tensor is missing, has another shape or contains NaN or infinite
  ///   numbers.
  init(_ files: WeightFiles, _ layout: ParameterLayout) throws(ModelError) {
    var values: [UnsafePointer<Float>] = []
    var owned: [UnsafeMutablePointer<Float>] = []
    for entry in layout.entries {
      let (file, tensor) = try files.find(entry.name)
      guard tensor.shape == entry.shape else {
        throw ModelError(
          file.file,
          "holds \(entry.name) with the shape \(tensor.shape), but config.json requires \(entry.shape)"
        )
      }
      let address = file.mapping.base + tensor.range.lowerBound
      if tensor.type == .float32, Int(bitPattern: address) % MemoryLayout<Float>.alignment == 0 {
        values.append(address.assumingMemoryBound(to: Float.self))
      } else {
        let copy = Self.copy(try file.floats(entry.name))
        owned.append(copy)
        values.append(UnsafePointer(copy))
      }
      try file.checkFinite(
        UnsafeBufferPointer(start: values.last, count: entry.count), of: entry.name)
    }
    self.values = values
    self.owned = owned
    self.files = files
    isRead = true
  }

  /// Creates weights from a flat vector in the layout's order.
  ///
  /// - Parameter origin: the files that the values were derived from; nil if there are none.
  package init(
    _ vector: [Float], _ layout: ParameterLayout, from origin: CLIPWeights? = nil
  ) {
    precondition(vector.count == layout.count, "as many numbers as the layout has")
    let copy = Self.copy(vector)
    values = layout.entries.map { UnsafePointer(copy + $0.offset) }
    owned = [copy]
    files = origin?.files
    isRead = true
  }

  /// Creates placeholder weights for a model used only for its shape: no address may be read.
  package init(unread configuration: CLIPConfiguration) {
    values = CLIPParameters(configuration).layout.entries.map { _ in
      UnsafePointer(ComputeContext.untouched)
    }
    owned = []
    files = nil
    isRead = false
  }

  deinit {
    for block in owned { block.deallocate() }
  }

  private static func copy(_ numbers: [Float]) -> UnsafeMutablePointer<Float> {
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(1, numbers.count))
    memory.initialize(from: numbers, count: numbers.count)
    return memory
  }
}
