import Foundation
import Tensors

/// The numbers of a frozen CLIP, read by every worker at once.
package final class CLIPWeights: @unchecked Sendable {
  // What the pointers point to is never written after the initialiser and lives as long as this does.

  /// One pointer for each parameter of the layout.
  package let values: [UnsafePointer<Float>]
  /// What the numbers were read from; nil where they never were in files.
  let files: WeightFiles?
  /// Whether there are numbers behind the pointers; a model of which only the shape is used has none.
  let isRead: Bool
  private let owned: [UnsafeMutablePointer<Float>]

  /// The parameters that `layout` names, used where they are mapped.
  ///
  /// Numbers that are not float32, or not aligned, are converted into memory once.
  ///
  /// - Throws: `ModelError` where a tensor is missing, has another shape or a number that is not finite.
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

  /// Numbers from memory: one flat vector in the layout's order.
  ///
  /// - Parameter origin: what the numbers were made of; nil where they come from nowhere else.
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

  /// The numbers of a model of which nothing but the shape is used: no address may be read.
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
