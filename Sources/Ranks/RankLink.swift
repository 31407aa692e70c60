/// How the ranks of a run reach each other; used by one thread.
package protocol RankLink {
  /// This process's number; the one with number 0 runs the simulation.
  var rank: Int { get }
  /// How many there are.
  var count: Int { get }

  /// Begins to send a parcel. Parcels to one rank come in the order in which they were sent.
  ///
  /// - Throws: `RankFault`.
  func send(_ parcel: Parcel, to rank: Int) throws

  /// The parcels that have come since the last call; lets what is on its way go on.
  ///
  /// - Throws: `RankFault`.
  func receive() throws -> [(source: Int, parcel: Parcel)]

  /// Whether something is still being sent.
  var isSending: Bool { get }

  /// Leaves; waits for all others to do the same.
  func end()
}
