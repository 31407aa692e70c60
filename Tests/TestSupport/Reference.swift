import CLIP

/// Numbers computed by PyTorch.
package struct Reference {
  private let file: SafetensorsFile

  init(_ file: SafetensorsFile) { self.file = file }

  package subscript(name: String) -> [Float] {
    get throws { try file.floats(name) }
  }

  package func shape(_ name: String) -> [Int] { file.tensors[name]?.shape ?? [] }

  package func integers(_ name: String) throws -> [Int] { try self[name].map { Int($0) } }

  /// The rows of an integer matrix.
  package func rows(_ name: String) throws -> [[Int32]] {
    let values = try self[name].map { Int32($0) }
    let width = shape(name)[1]
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<($0 + width)]) }
  }
}
