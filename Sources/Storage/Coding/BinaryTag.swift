/// What a value in the binary form begins with.
enum BinaryTag: UInt8 {
  case end, null, no, yes
  /// A whole number by its size, in seven bits a byte; the second is the number's complement.
  case positive, negative
  case wide
  case float, double
  /// A number in the table of strings.
  case text
  /// Values up to `end`; keys, by their numbers in the table of strings, and values up to `end`.
  case list, record
  /// A number in the table of arrays.
  case floats
}
