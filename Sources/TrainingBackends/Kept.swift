/// A client's state between tasks. It is stored in this process, or on a rank that has trained the
/// client.
///
/// It is encoded as the value itself, so a checkpoint does not depend on where a value was stored.
package struct Kept<Value: Codable & Sendable>: Codable, Sendable {
  package enum Place: Sendable {
    case here(Value)
    case elsewhere(RemoteValue<Value>)
  }

  package let place: Place

  package init(_ value: Value) { place = .here(value) }

  package init(_ value: RemoteValue<Value>) { place = .elsewhere(value) }

  /// The value; if stored on another rank, fetches it and waits.
  package var value: Value {
    switch place {
    case .here(let value): value
    case .elsewhere(let remote): remote.fetch()
    }
  }

  package init(from decoder: any Decoder) throws { self.init(try Value(from: decoder)) }

  package func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

/// A value that another rank stores while this instance lives.
package final class RemoteValue<Value: Sendable>: Sendable {
  package let rank: Int
  /// Identifies the value among all that the rank stores.
  package let id: Int
  fileprivate let fetch: @Sendable () -> Value
  private let drop: @Sendable () -> Void

  /// - Parameters:
  ///   - fetch: requests the value from the rank, and waits for it.
  ///   - drop: tells the rank that the value is no longer needed.
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
