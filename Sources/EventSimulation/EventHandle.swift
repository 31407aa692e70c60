/// Names one scheduled event of a queue, so that it can be cancelled.
///
/// A handle stays valid when its queue is written down and read back.
package struct EventHandle: Hashable, Codable, Sendable {
  /// How many events were scheduled before this one.
  let sequence: Int
}
