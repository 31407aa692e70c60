import Foundation

/// Writes float32 tensors in the safetensors format.
package enum SafetensorsWriter {
  /// - Parameters:
  ///   - tensors: names, shapes and values; written in this order.
  ///   - metadata: additional metadata for the header, which also declares PyTorch's tensor layout.
  ///   - file: replaced atomically after everything is written.
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
    // Eight-byte alignment lets a reader use the mapped values in place.
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)

    let head = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    try replace(file) { descriptor in
      try (head + header.utf8).withUnsafeBytes { try write($0, to: descriptor) }
      for tensor in tensors {
        try tensor.values.withUnsafeBytes { try write($0, to: descriptor) }
      }
    }
  }

  /// Replaces a file with one that `body` writes under a temporary name in the style of
  /// Foundation's atomic writes, whose leftovers are easy to recognise.
  private static func replace(_ file: URL, _ body: (Int32) throws -> Void) throws {
    let temporary = file.deletingLastPathComponent().appendingPathComponent(
      ".dat.nosync\(String(getpid(), radix: 16)).\(UInt64.random(in: 0 ... .max))"
    ).path
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw fault }
    do {
      defer { close(descriptor) }
      try body(descriptor)
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, file.path) == 0 else {
      let fault = fault
      unlink(temporary)
      throw fault
    }
  }

  /// Writes values directly from their storage, without a second copy of the model.
  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if count < 0, errno != EINTR {
        throw fault
      }
    }
  }

  /// The last system error.
  private static var fault: NSError { NSError(domain: NSPOSIXErrorDomain, code: Int(errno)) }
}
