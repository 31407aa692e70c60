/// The flows of a shared link that have the same cap, and therefore always the same rate.
///
/// What each of them has been served since the group began is one number, `service`; a flow ends
/// when that number reaches what it was when the flow began plus the flow's size. So a group moves in
/// one piece, whatever the number of its flows.
struct FlowGroup: Codable, Sendable {
  /// Whether the flows share what the link has left, instead of running at their cap.
  var isShared = false
  /// The service of each flow when the group last changed between its cap and the shared level.
  var service: Int128 = 0
  /// When that was: nanoseconds for a group at its cap, the link's level for one that shares.
  var since: Int128
  /// The service at which each flow ends.
  var ends = IndexedHeap<Int128>()
}
