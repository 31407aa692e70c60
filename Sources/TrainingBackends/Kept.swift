/// Something that a client keeps from task to task, wherever it lies: in this process, or with a rank that has trained the
/// client.
///
/// It is coded as the value itself, so that a checkpoint does not tell where a value lay.
package struct Kept<Value: Codable & Sendable>: Codable, Sendable {
  package enum Place: Sendable {
    case here(Value)
    case elsewhere(RemoteValue<Value>)
  }

  package let place: Place

  package init(_ value: Value) { place = .here(value) }

  package init(_ value: RemoteValue<Value>) { place = .elsewhere(value) }

  /// The value; one that lies elsewhere is asked for, and waited for.
  package var value: Value {
    switch place {
    case .here(let value): value
    case .elsewhere(let remote): remote.fetch()
    }
  }

  package init(from decoder: any Decoder) throws { self.init(try Value(from: decoder)) }

  package func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

/// A value that another rank keeps for as long as this lives.
package final class RemoteValue<Value: Sendable>: Sendable {
  package let rank: Int
  /// Tells the value from all others that the rank keeps.
  package let id: Int
  fileprivate let fetch: @Sendable () -> Value
  private let drop: @Sendable () -> Void

  /// - Parameters:
  ///   - fetch: asks the rank for the value, and waits for it.
  ///   - drop: tells the rank that nobody will ask for it any more.
  package init(
    rank: Int, id: Int, fetch: @escaping @Sendable () -> Value,
    drop: @escaping @Sendable () -> Void
  ) {
    self.rank = rank
    self.id = id
    self.fetch = fetch
    self.drop = drop
  }

  deinit { drop() }
}
