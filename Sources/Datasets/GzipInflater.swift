import CZlib
import Foundation

/// A streaming decompressor for the members of a gzip stream.
///
/// zlib's state points back to its `z_stream`, which therefore needs a stable address.
final class GzipInflater {
  enum Fault: Error {
    case truncated, corrupt, trailingBytes, beyondLimit, outOfMemory
  }

  private let stream: UnsafeMutablePointer<z_stream>
  private let window: UnsafeMutableBufferPointer<UInt8>
  private var finishedMembers = 0
  private var isInsideMember = false

  /// - Throws: `Fault.outOfMemory`.
  init() throws(Fault) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    window = .allocate(capacity: 1 << 18)
    let gzipFormat: Int32 = 16
    let status = inflateInit2_(
      stream, MAX_WBITS + gzipFormat, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw .outOfMemory }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    window.deallocate()
  }

  /// Decompresses `input` and appends the result.
  ///
  /// - Throws: `Fault` if the data is invalid or `output` would exceed `limit` bytes.
  func inflate(_ input: Data, into output: inout [UInt8], limit: Int) throws(Fault) {
    var input = [UInt8](input)
    try input.withUnsafeMutableBufferPointer { (bytes) throws(Fault) in
      stream.pointee.next_in = bytes.baseAddress
      stream.pointee.avail_in = UInt32(bytes.count)
      while try advance(into: &output, limit: limit) {}
    }
  }

  /// - Throws: `Fault` if the input ended inside a member.
  func finish() throws(Fault) {
    if isInsideMember { throw isAfterTheEnd ? .trailingBytes : .truncated }
  }

  /// Fills the window once; returns false if all input is consumed.
  private func advance(into output: inout [UInt8], limit: Int) throws(Fault) -> Bool {
    if !isInsideMember {
      guard stream.pointee.avail_in > 0 else { return false }
      inflateReset(stream)
      isInsideMember = true
    }
    stream.pointee.next_out = window.baseAddress
    stream.pointee.avail_out = UInt32(window.count)
    let status = CZlib.inflate(stream, Z_NO_FLUSH)
    let produced = window.count - Int(stream.pointee.avail_out)
    output.append(contentsOf: UnsafeBufferPointer(rebasing: window[..<produced]))
    guard output.count <= limit else { throw .beyondLimit }
    switch status {
    case Z_STREAM_END:
      finishedMembers += 1
      isInsideMember = false
      return true
    case Z_OK, Z_BUF_ERROR: return stream.pointee.avail_out == 0
    case Z_MEM_ERROR: throw .outOfMemory
    default: throw isAfterTheEnd ? .trailingBytes : .corrupt
    }
  }

  /// Whether a member has ended and nothing after it has been decompressed.
  private var isAfterTheEnd: Bool { finishedMembers > 0 && stream.pointee.total_out == 0 }
}
