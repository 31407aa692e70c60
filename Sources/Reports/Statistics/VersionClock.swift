/// The creation times of a method's server versions, from the rows of rounds.csv.
struct VersionClock {
  /// The time during which the server worked on a version, in nanoseconds of virtual time.
  struct Window: Equatable {
    let round: Int
    let start: Int64
    let end: Int64

    var length: Int64 { end - start }
  }

  /// The windows of all versions; empty if not all were tested, so that only some times are known.
  let windows: [Window]
  /// The index in `windows` of the version created at a time.
  private let places: [Int64: Int]

  init(_ rounds: [RoundRow]) {
    // An aborted run has a final row for what happened after its last version.
    let isGivenUp = rounds.count > 1 && rounds.last?.round == rounds.dropLast().last?.round
    let versions = isGivenUp ? rounds.dropLast() : rounds[...]
    let steps = zip(versions, versions.dropFirst())
    windows =
      steps.allSatisfy { $1.round == $0.round + 1 && $1.time >= $0.time }
      ? steps.map { Window(round: $1.round, start: $0.time, end: $1.time) } : []
    places = Dictionary(
      windows.enumerated().map { ($1.end, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func place(ofVersionAt time: Int64) -> Int? { places[time] }
}
