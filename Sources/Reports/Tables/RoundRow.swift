/// A row of rounds.csv: a tested server version, and the activity since the previous one.
struct RoundRow: TableRecord {
  let method: String
  /// The server version; 0 is the initial one, before training.
  let round: Int
  /// The creation time of the version in nanoseconds of virtual time.
  let time: Int64
  /// Nil in a timing-only run, like the loss.
  let accuracy: Double?
  let testLoss: Double?
  let selected: Int
  let completed: Int
  let bytesDown: Int
  let bytesUp: Int
  /// In both directions, since the start of the method.
  let cumulativeBytes: Int
  let wastedBytes: Int
  let flops: Int
  /// In joules; nil if no device's power consumption is known.
  let energy: Double?
  /// The peak memory over all devices.
  let peakMemory: Int
  let dropped: Int
  let late: Int
  /// Accuracy on the clients' held-out samples; nil if the version is not tested on them, like all
  /// that follow.
  let clientMean: Double?
  let clientWorstDecile: Double?
  /// Accuracy on test images of the classes that clients train on.
  let baseAccuracy: Double?
  let novelAccuracy: Double?
  let harmonicMean: Double?
  /// The traffic and energy of edges; nil without a topology.
  let backhaul: Backhaul?

  struct Backhaul {
    let bytesDown: Int
    let bytesUp: Int
    /// Nanoseconds of transfers, summed over the edges.
    let time: Int64
    /// Joules; nil if the edges' power consumption is unknown.
    let energy: Double?
    let completed: Int
    let failed: Int
  }

  static let requiredColumns = [
    "method", "round", "virtual_time_s", "test_accuracy", "selected", "completed", "bytes_down",
    "bytes_up", "cumulative_bytes",
  ]

  init(_ row: CSVRow) throws {
    method = row.text("method")
    round = try row.integer("round")
    time = try row.nanoseconds("virtual_time_s")
    accuracy = try row.optionalNumber("test_accuracy")
    testLoss = try row.optionalNumber("test_loss")
    selected = try row.integer("selected")
    completed = try row.integer("completed")
    bytesDown = try row.integer("bytes_down")
    bytesUp = try row.integer("bytes_up")
    cumulativeBytes = try row.integer("cumulative_bytes")
    wastedBytes = try row.optionalInteger("wasted_bytes") ?? 0
    flops = try row.optionalInteger("device_flops") ?? 0
    energy = try row.optionalNumber("device_energy_j")
    peakMemory = try row.optionalInteger("peak_memory_bytes") ?? 0
    backhaul = try row.optionalInteger("backhaul_bytes_down").map { down in
      Backhaul(
        bytesDown: down, bytesUp: try row.integer("backhaul_bytes_up"),
        time: try row.nanoseconds("backhaul_s"), energy: try row.optionalNumber("edge_energy_j"),
        completed: try row.integer("edges_completed"), failed: try row.integer("edges_failed"))
    }
    dropped = try row.optionalInteger("dropped") ?? 0
    late = try row.optionalInteger("late") ?? 0
    clientMean = try row.optionalNumber("client_accuracy_mean")
    clientWorstDecile = try row.optionalNumber("client_accuracy_worst_decile")
    baseAccuracy = try row.optionalNumber("base_accuracy")
    novelAccuracy = try row.optionalNumber("novel_accuracy")
    harmonicMean = try row.optionalNumber("harmonic_mean_accuracy")
  }

  /// In seconds of virtual time.
  var seconds: Double { Double(time) / 1e9 }
}
