/// The first byte of an encoded value.
enum BinaryTag: UInt8 {
  case end, null, no, yes
  /// The magnitude of an integer as a varint, seven bits per byte; for negative numbers, of its
  /// bitwise complement.
  case positive, negative
  case wide
  case float, double
  /// An index into the table of strings.
  case text
  /// A list of values up to `end`; a record of keys (indices into the table of strings) and values
  /// up to `end`.
  case list, record
  /// An index into the table of arrays.
  case floats
}
