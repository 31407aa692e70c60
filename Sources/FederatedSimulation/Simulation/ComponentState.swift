import Coordination
import Federation

/// The state of a part of a simulation whose type the checkpoint does not know.
///
/// It is encoded as the part itself. A decoded state stays unparsed until a part of the same type
/// recognizes it; only then can it be used or encoded again.
struct ComponentState: Codable {
  private var source: Source

  private enum Source {
    case value(any Encodable)
    case written(any Decoder)
  }

  init(_ value: any Encodable) { source = .value(value) }

  init(from decoder: any Decoder) { source = .written(decoder) }

  func encode(to encoder: any Encoder) throws {
    guard case .value(let value) = source else {
      throw EncodingError.invalidValue(
        self, .init(codingPath: encoder.codingPath, debugDescription: "its type is not known yet"))
    }
    try value.encode(to: encoder)
  }

  /// Decodes the state.
  ///
  /// - Parameter part: a part of the encoded type.
  /// - Throws: `DecodingError` if the types differ.
  mutating func recognize(like part: some Codable) throws {
    guard case .written(let decoder) = source else { return }
    source = .value(try type(of: part).init(from: decoder))
  }

  /// Nil if the state belongs to another type, or has not been recognized yet.
  func value<Part>(as type: Part.Type) -> Part? {
    guard case .value(let value) = source else { return nil }
    return value as? Part
  }
}
