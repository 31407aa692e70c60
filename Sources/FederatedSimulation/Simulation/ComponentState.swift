import Coordination
import Federation

/// The state of a part of a simulation, whose type the checkpoint does not know.
///
/// It is written as the part itself. What is read stays as it was written until `restored` is told by another part
/// of the same type what it is.
struct ComponentState: Codable {
  private let source: Source

  private enum Source {
    case value(any Encodable)
    case written(any Decoder)
  }

  init(_ value: any Encodable) { source = .value(value) }

  init(from decoder: any Decoder) { source = .written(decoder) }

  func encode(to encoder: any Encoder) throws {
    guard case .value(let value) = source else {
      preconditionFailure("what was read is restored, not written again")
    }
    try value.encode(to: encoder)
  }

  /// - Throws: `DecodingError` where a part of another type was written.
  func restored(like coordinator: any Coordinator) throws -> any Coordinator {
    try decoded(as: coordinator)
  }

  func restored(like algorithm: any FederatedAlgorithm) throws -> any FederatedAlgorithm {
    try decoded(as: algorithm)
  }

  private func decoded<Part: Codable>(as part: Part) throws -> Part {
    switch source {
    case .value(let value):
      guard let value = value as? Part else { preconditionFailure("a part of the same type") }
      return value
    case .written(let decoder): return try Part(from: decoder)
    }
  }
}
