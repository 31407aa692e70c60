/// Names one scheduled event of a queue, so that it can be cancelled.
///
/// A handle stays valid when its queue is written down and read back.
public struct EventHandle: Hashable, Codable, Sendable {
  /// How many events were scheduled before this one.
  @usableFromInline let sequence: Int

  @inlinable init(sequence: Int) { self.sequence = sequence }
}
