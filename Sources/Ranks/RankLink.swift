/// The connection between the ranks of a run, each with each other; used by one thread.
package protocol RankLink {
  /// This process's number; number 0 runs the simulation.
  var rank: Int { get }
  /// The number of ranks.
  var count: Int { get }

  /// Starts to send a parcel. Parcels to one rank arrive in the order in which they were sent.
  ///
  /// - Throws: `RankFault`.
  func send(_ parcel: Parcel, to rank: Int) throws

  /// Returns the parcels that arrived since the last call; lets pending transfers make progress.
  ///
  /// - Throws: `RankFault`.
  func receive() throws -> [(source: Int, parcel: Parcel)]

  /// Whether a parcel is still being sent.
  var isSending: Bool { get }

  /// Whether a parcel has arrived in part.
  var isReceiving: Bool { get }

  /// Disconnects; waits until all others do the same.
  func end()
}
