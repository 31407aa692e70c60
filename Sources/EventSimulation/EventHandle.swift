/// Identifies a scheduled event so that it can be cancelled.
///
/// A handle stays valid when its queue is encoded and decoded.
public struct EventHandle: Hashable, Codable, Sendable {
  /// The number of events scheduled before this one.
  @usableFromInline let sequence: Int

  @inlinable init(sequence: Int) { self.sequence = sequence }
}
