import Coordination
import Federation

/// The state of a part of a simulation, whose type the checkpoint does not know.
///
/// It is written as the part itself. What is read stays as it was written until it is recognized by another part of
/// the same type; only then can it be taken or written again.
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

  /// Reads what was written.
  ///
  /// - Parameter part: one of the type that was written.
  /// - Throws: `DecodingError` where another was.
  mutating func recognize(like part: some Codable) throws {
    guard case .written(let decoder) = source else { return }
    source = .value(try type(of: part).init(from: decoder))
  }

  /// Nil where a part of another type was written, or what was read is not recognized yet.
  func value<Part>(as type: Part.Type) -> Part? {
    guard case .value(let value) = source else { return nil }
    return value as? Part
  }
}
