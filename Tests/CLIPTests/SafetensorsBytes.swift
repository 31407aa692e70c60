import Foundation

/// A manually assembled safetensors file that can be invalid anywhere.
func safetensors(header: String, data: [UInt8] = [], claiming length: UInt64? = nil) -> Data {
  var bytes = Data()
  withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) {
    bytes.append(contentsOf: $0)
  }
  return bytes + Data(header.utf8) + Data(data)
}

/// One tensor of two-byte numbers.
func safetensors(_ name: String, _ type: String, _ halves: [UInt16]) -> Data {
  safetensors(
    header: #"{"\#(name)":{"dtype":"\#(type)","shape":[\#(halves.count)],"#
      + #""data_offsets":[0,\#(2 * halves.count)]}}"#,
    data: halves.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] })
}
