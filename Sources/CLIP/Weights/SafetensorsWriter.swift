import Foundation

/// Writes tensors in the safetensors format, as float32.
package enum SafetensorsWriter {
  /// - Parameters:
  ///   - tensors: names, shapes and numbers; written in this order.
  ///   - metadata: what else the header says, beside that the numbers are laid out as PyTorch's.
  ///   - file: replaced at once when all is written, so that no half file is ever seen.
  package static func write(
    _ tensors: [(name: String, shape: [Int], values: ArraySlice<Float>)],
    metadata: [String: String] = [:], to file: URL
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let about = try encoder.encode(metadata.merging(["format": "pt"]) { $1 })
    var header = #"{"__metadata__":"# + String(decoding: about, as: UTF8.self)
    var offset = 0
    for tensor in tensors {
      precondition(tensor.values.count == tensor.shape.reduce(1, *), "as many numbers as the shape")
      let end = offset + 4 * tensor.values.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      header +=
        #","\#(tensor.name)":{"dtype":"F32","shape":[\#(shape)],"data_offsets":[\#(offset),\#(end)]}"#
      offset = end
    }
    header += "}"
    // Eight-byte alignment lets a reader use the numbers where they are mapped.
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)

    var data = Data(capacity: 8 + header.utf8.count + offset)
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header.utf8)
    for tensor in tensors {
      tensor.values.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    try data.write(to: file, options: .atomic)
  }
}
