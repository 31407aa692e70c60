/// Server versions as events: a slice for the time in which each was created, and counters.
enum RoundEvents {
  static func events(_ rounds: [RoundRow], _ tracks: TraceTracks) -> [TraceEvent] {
    var previous: [String: RoundRow] = [:]
    return rounds.flatMap { row -> [TraceEvent] in
      guard let server = tracks.server(of: row.method) else { return [] }
      defer { previous[row.method] = row }
      let counters =
        [
          TraceEvent.counter(
            "cumulative bytes", server, at: row.time, .integer(row.cumulativeBytes))
        ]
        + (row.accuracy.map { [.counter("test accuracy", server, at: row.time, .number($0))] }
          ?? [])
      guard let before = previous[row.method], before.time <= row.time else { return counters }
      return [slice(row, after: before, server)] + counters
    }
  }

  private static func slice(
    _ row: RoundRow, after before: RoundRow, _ server: TraceEvent.Track
  ) -> TraceEvent {
    let name =
      row.round <= before.round
      ? "after round \(row.round)"
      : row.round == before.round + 1
        ? "round \(row.round)" : "rounds \(before.round + 1) to \(row.round)"
    return .slice(
      name, category: "round", server, start: before.time, length: row.time - before.time,
      [
        ("selected", .integer(row.selected)), ("completed", .integer(row.completed)),
        ("bytes_down", .integer(row.bytesDown)), ("bytes_up", .integer(row.bytesUp)),
      ] + (row.accuracy.map { [("test_accuracy", .number($0))] } ?? []))
  }
}
