/// When a method's server versions were made, by the rows of rounds.csv.
struct VersionClock {
  /// The time in which the server worked on a version, in nanoseconds of virtual time.
  struct Window: Equatable {
    let round: Int
    let start: Int64
    let end: Int64

    var length: Int64 { end - start }
  }

  /// Every version's; empty where not all versions were tested, so that only some times are known.
  let windows: [Window]
  /// The place in `windows` of the version that was made at a time.
  private let places: [Int64: Int]

  init(_ rounds: [RoundRow]) {
    // A run that was given up has a last row of what happened after its last version.
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
