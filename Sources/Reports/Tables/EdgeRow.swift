/// A row of edges.csv: one edge's work with one version of the cloud. Times are nanoseconds of
/// virtual time.
struct EdgeRow: TableRecord {
  let method: String
  let round: Int
  let edge: Int
  let outcome: String
  let start: Int64
  /// The duration of each phase, complete or not; nil for one that never began.
  let download: Int64?
  let work: Int64?
  let upload: Int64?
  let end: Int64
  let updates: Int
  let samples: Int
  let bytesDown: Int
  let bytesUp: Int

  static let requiredColumns = [
    "method", "round", "edge", "outcome", "start_s", "download_s", "work_s", "upload_s", "end_s",
    "updates", "samples", "bytes_down", "bytes_up",
  ]

  init(_ row: CSVRow) throws {
    method = row.text("method")
    round = try row.integer("round")
    edge = try row.integer("edge")
    outcome = row.text("outcome")
    start = try row.nanoseconds("start_s")
    download = try row.optionalNanoseconds("download_s")
    work = try row.optionalNanoseconds("work_s")
    upload = try row.optionalNanoseconds("upload_s")
    end = try row.nanoseconds("end_s")
    updates = try row.integer("updates")
    samples = try row.integer("samples")
    bytesDown = try row.integer("bytes_down")
    bytesUp = try row.integer("bytes_up")
  }

  /// An edge's own rounds count as its training.
  var phases: [TaskRow.Phase] {
    TaskRow.Phase.sequence(from: start, download: download, training: work, upload: upload)
  }

  static func name(_ edge: Int) -> String { "edge \(edge)" }

  /// The work whose version ended a round of the cloud.
  static func last(
    in window: VersionClock.Window, of method: String, _ rows: [EdgeRow]
  ) -> EdgeRow? {
    rows.first { $0.method == method && $0.outcome == "completed" && $0.end == window.end }
  }
}
