/// The bytes of a protocol buffers message, whose fields are appended in the order of their
/// numbers.
///
/// <https://protobuf.dev/programming-guides/encoding/>; only the field types that event files use.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  private enum WireType: UInt64 {
    case varint = 0
    case eightBytes = 1
    case lengthDelimited = 2
    case fourBytes = 5
  }

  mutating func add(_ field: Int, _ value: Int64) {
    addTag(field, .varint)
    addVarint(UInt64(bitPattern: value))
  }

  mutating func add(_ field: Int, _ value: Bool) { add(field, value ? 1 : 0 as Int64) }

  mutating func add(_ field: Int, _ value: Double) {
    addTag(field, .eightBytes)
    bytes.append(contentsOf: value.bitPattern.littleEndianBytes)
  }

  mutating func add(_ field: Int, _ value: Float) {
    addTag(field, .fourBytes)
    bytes.append(contentsOf: value.bitPattern.littleEndianBytes)
  }

  mutating func add(_ field: Int, _ value: String) { add(field, Array(value.utf8)) }

  mutating func add(_ field: Int, _ value: ProtobufMessage) { add(field, value.bytes) }

  mutating func add(_ field: Int, _ value: [UInt8]) {
    addTag(field, .lengthDelimited)
    addVarint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  private mutating func addTag(_ field: Int, _ type: WireType) {
    addVarint(UInt64(field) << 3 | type.rawValue)
  }

  private mutating func addVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

extension FixedWidthInteger {
  var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
