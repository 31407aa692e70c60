import Foundation

/// A safetensors file, opened without reading its tensors.
///
/// Format: eight bytes with the header's length (little-endian), the header as JSON with each
/// tensor's type, shape and byte range, and then the data.
package final class SafetensorsFile: Sendable {
  package enum ElementType: String, Sendable, CaseIterable {
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int32 = "I32"
    case int64 = "I64"

    var size: Int {
      switch self {
      case .float16, .bfloat16: 2
      case .float32, .int32: 4
      case .int64: 8
      }
    }
  }

  package struct Tensor: Sendable {
    package let type: ElementType
    package let shape: [Int]
    /// The byte range in the file.
    let range: Range<Int>
  }

  package let file: URL
  /// All tensors of supported types, by name.
  package let tensors: [String: Tensor]
  /// The types of all other tensors, as named in the file.
  private let otherTypes: [String: String]
  /// The other metadata of the header.
  package let metadata: [String: String]
  let mapping: MappedFile

  /// - Throws: `ModelError` if the header is malformed or refers to bytes outside the file.
  package init(_ file: URL) throws(ModelError) {
    self.file = file
    mapping = try MappedFile(file)
    (tensors, otherTypes, metadata) = try Self.readHeader(mapping, file)
  }

  /// The names of all tensors, including those of unsupported types.
  package var names: [String] { Array(tensors.keys) + otherTypes.keys }

  /// The type, shape and byte range of a tensor.
  ///
  /// - Parameter reason: why the tensor is required, as the end of the error's sentence.
  package func tensor(_ name: String, because reason: String? = nil) throws(ModelError) -> Tensor {
    if let tensor = tensors[name] { return tensor }
    guard let type = otherTypes[name] else {
      throw ModelError(file, "has no tensor \(name)\(reason.map { ", \($0)" } ?? "")")
    }
    let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
    throw ModelError(file, "holds \(name) as \(type); supported types are \(known)")
  }

  /// The values of a tensor as float32.
  package func floats(_ name: String) throws(ModelError) -> [Float] {
    let tensor = try tensor(name)
    let bytes = mapping.base + tensor.range.lowerBound
    let count = tensor.range.count / tensor.type.size
    return (0..<count).map { index in
      switch tensor.type {
      case .float32: bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
      case .float16:
        Self.float(half: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
      case .bfloat16:
        Float(
          bitPattern: UInt32(bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)) << 16)
      case .int32: Float(bytes.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self))
      case .int64: Float(bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self))
      }
    }
  }

  /// Throws if a tensor contains NaN or infinite numbers, which would propagate to every result.
  func checkFinite(_ numbers: UnsafeBufferPointer<Float>, of tensor: String) throws(ModelError) {
    guard let fault = numbers.first(where: { !$0.isFinite }) else { return }
    throw ModelError(
      file, "holds \(fault.isNaN ? "NaN" : "an infinite number") in \(tensor); write finite numbers"
    )
  }

  /// Converts IEEE 754 half precision to float32 losslessly.
  static func float(half: UInt16) -> Float {
    let sign = UInt32(half & 0x8000) << 16
    let magnitude = UInt32(half & 0x7fff)
    if magnitude >= 0x7c00 {
      return Float(bitPattern: sign | 0x7f80_0000 | (magnitude & 0x3ff) << 13)
    }
    // Multiplying by 2^112 changes the exponent's bias from 15 to 127, for subnormal numbers as
    // well.
    let value = Float(bitPattern: magnitude << 13) * 0x1p112
    return Float(bitPattern: sign | value.bitPattern)
  }

  private static func readHeader(_ mapping: MappedFile, _ file: URL) throws(ModelError)
    -> (tensors: [String: Tensor], otherTypes: [String: String], metadata: [String: String])
  {
    guard mapping.count >= 8 else { throw ModelError(file, "is too short for a safetensors file") }
    let length = UInt64(littleEndian: mapping.base.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(mapping.count - 8) else {
      throw ModelError(
        file,
        "is a truncated safetensors file: its header has \(length) bytes, but only \(mapping.count - 8) follow; copy or download it again"
      )
    }
    let header = Data(bytes: mapping.base + 8, count: Int(length))
    guard let entries = try? JSONDecoder().decode([String: HeaderEntry].self, from: header) else {
      throw ModelError(
        file, "has a corrupted safetensors header: it is not a JSON object of tensors")
    }
    var tensors: [String: Tensor] = [:]
    var otherTypes: [String: String] = [:]
    let data = 8 + Int(length)
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) where name != "__metadata__" {
      guard let typeName = entry.dtype, let shape = entry.shape, let offsets = entry.dataOffsets
      else {
        throw ModelError(
          file, "has a corrupted safetensors header: \(name) has no dtype, shape or data_offsets")
      }
      guard let type = ElementType(rawValue: typeName) else {
        otherTypes[name] = typeName
        continue
      }
      guard let size = byteCount(shape, type) else {
        throw ModelError(file, "has a corrupted safetensors header: the shape of \(name), \(shape)")
      }
      guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1],
        offsets[1] <= mapping.count - data
      else {
        throw ModelError(
          file,
          "is a truncated safetensors file: \(name) has the bytes \(offsets) of \(mapping.count - data)"
        )
      }
      guard offsets[1] - offsets[0] == size else {
        throw ModelError(
          file,
          "has a corrupted safetensors header: \(name) \(shape) \(typeName) needs \(size) bytes, but has \(offsets[1] - offsets[0])"
        )
      }
      tensors[name] = Tensor(
        type: type, shape: shape, range: (data + offsets[0])..<(data + offsets[1]))
    }
    let about = try? JSONDecoder().decode(About.self, from: header)
    return (tensors, otherTypes, about?.metadata ?? [:])
  }

  /// The size of a tensor in bytes, or nil if a dimension is negative or the product overflows.
  private static func byteCount(_ shape: [Int], _ type: ElementType) -> Int? {
    var count = type.size
    for dimension in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }

  /// A value of the header; all fields are optional because `__metadata__` has different ones.
  private struct HeaderEntry: Decodable {
    let dtype: String?
    let shape: [Int]?
    let dataOffsets: [Int]?

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }
  }

  /// The part of the header that describes the whole file.
  private struct About: Decodable {
    let metadata: [String: String]

    enum CodingKeys: String, CodingKey {
      case metadata = "__metadata__"
    }
  }
}
