/// The two tokens that frame a text, known by the names that every CLIP vocabulary gives them.
enum SpecialToken: String, CaseIterable {
  case start = "<|startoftext|>"
  case end = "<|endoftext|>"

  /// The special token whose name stands at `position` of `bytes`, if one does.
  static func named(in bytes: [UInt8], at position: Int) -> SpecialToken? {
    guard bytes[position] == UInt8(ascii: "<") else { return nil }
    return allCases.first { bytes[position...].starts(with: $0.rawValue.utf8) }
  }
}
