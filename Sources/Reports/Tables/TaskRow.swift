/// A row of tasks.csv: one client's work for one server version. Times are nanoseconds of virtual
/// time.
struct TaskRow: TableRecord {
  let method: String
  let round: Int
  let client: Int
  let deviceClass: String
  let outcome: Outcome
  let start: Int64
  /// The duration of each phase, complete or not; nil for one that never began.
  let download: Int64?
  let training: Int64?
  let upload: Int64?
  let end: Int64
  let samples: Int
  let bytesDown: Int
  let bytesUp: Int
  let flops: Int
  /// In joules; nil if the device's power consumption is unknown.
  let energy: Double?
  let peakMemory: Int
  let trainLoss: Double?

  static let requiredColumns = [
    "method", "round", "client", "device_class", "outcome", "start_s", "download_s", "train_s",
    "upload_s", "end_s", "samples", "bytes_down", "bytes_up", "flops",
  ]

  init(_ row: CSVRow) throws {
    method = row.text("method")
    round = try row.integer("round")
    client = try row.integer("client")
    deviceClass = row.text("device_class")
    guard let outcome = Outcome(rawValue: row.text("outcome")) else {
      throw row.fault("\"\(row.text("outcome"))\" is not an outcome of a task")
    }
    self.outcome = outcome
    start = try row.nanoseconds("start_s")
    download = try row.optionalNanoseconds("download_s")
    training = try row.optionalNanoseconds("train_s")
    upload = try row.optionalNanoseconds("upload_s")
    end = try row.nanoseconds("end_s")
    samples = try row.integer("samples")
    bytesDown = try row.integer("bytes_down")
    bytesUp = try row.integer("bytes_up")
    flops = try row.integer("flops")
    energy = try row.optionalNumber("energy_j")
    peakMemory = try row.optionalInteger("peak_memory_bytes") ?? 0
    trainLoss = try row.optionalNumber("train_loss")
    let (sum, overflows) = phases.reduce((start, false)) { sum, phase in
      let (next, overflows) = sum.0.addingReportingOverflow(phase.length)
      return (next, sum.1 || overflows)
    }
    guard !overflows, sum <= end else {
      throw row.fault("the task ends before its phases do")
    }
  }

  var bytes: Int { bytesDown + bytesUp }

  /// A phase with its start and its duration.
  struct Phase {
    let phase: TaskPhase
    let start: Int64
    let length: Int64

    /// The phases that began, in sequence from a start.
    static func sequence(
      from start: Int64, download: Int64?, training: Int64?, upload: Int64?
    ) -> [Phase] {
      var start = start
      return zip(TaskPhase.allCases, [download, training, upload]).compactMap { phase, length in
        guard let length else { return nil }
        defer { start &+= length }
        return Phase(phase: phase, start: start, length: length)
      }
    }
  }

  var phases: [Phase] {
    Phase.sequence(from: start, download: download, training: training, upload: upload)
  }
}
