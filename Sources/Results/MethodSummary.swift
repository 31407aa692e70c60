import EventSimulation
import Fleet
import Storage

/// A row of summary.csv: the accuracy and the cost of a method.
public struct MethodSummary: Codable, Sendable, Equatable {
  public var method: String
  public var seed: UInt64
  public var rounds: Int
  /// The accuracy of version 0, before any training.
  ///
  /// All accuracies are nil in a timing-only run.
  public var startAccuracy: Double?
  public var finalAccuracy: Double?
  public var bestAccuracy: Double?
  public var bestRound: Int?
  public var targetAccuracy: Double?
  /// Nil if the target was not reached, or none was set.
  public var bytesToTarget: ByteCount?
  public var timeToTarget: SimulationDuration?
  public var bytesDown: ByteCount
  public var bytesUp: ByteCount
  /// The bytes on the wire, including framing and headers.
  public var wireBytesDown: ByteCount
  public var wireBytesUp: ByteCount
  public var time: SimulationDuration
  /// Bytes in both directions per participating client and round.
  public var bytesPerRoundPerClient: Double
  public var trainableParameters: Int
  /// The bytes of one update in one direction.
  public var payload: ByteCount
  /// The peak memory over all devices of the fleet.
  public var peakMemory: ByteCount
  /// The share of the fleet with sufficient memory.
  public var eligibleShare: Double
  /// The eligible devices, and the missing data.
  public var survey: FleetSurvey
  /// The share of all bytes spent on tasks whose update was not used.
  public var wastedShare: Double
  public var flops: FLOPCount
  /// Nil if no device's power consumption is known.
  public var energy: Energy?
  /// The share of all operations spent on tasks whose update was not used.
  public var wastedFLOPsShare: Double
  /// A remark for the user on how the versions were created; nil if there is none.
  public var remark: String?

  package init(
    method: String, seed: UInt64, rounds: Int, startAccuracy: Double?, finalAccuracy: Double?,
    bestAccuracy: Double?, bestRound: Int?, targetAccuracy: Double?, bytesToTarget: ByteCount?,
    timeToTarget: SimulationDuration?, bytesDown: ByteCount, bytesUp: ByteCount,
    wireBytesDown: ByteCount, wireBytesUp: ByteCount, time: SimulationDuration,
    bytesPerRoundPerClient: Double, trainableParameters: Int,
    payload: ByteCount, peakMemory: ByteCount, eligibleShare: Double, survey: FleetSurvey,
    wastedShare: Double, flops: FLOPCount, energy: Energy?, wastedFLOPsShare: Double,
    remark: String?
  ) {
    self.method = method
    self.seed = seed
    self.rounds = rounds
    self.startAccuracy = startAccuracy
    self.finalAccuracy = finalAccuracy
    self.bestAccuracy = bestAccuracy
    self.bestRound = bestRound
    self.targetAccuracy = targetAccuracy
    self.bytesToTarget = bytesToTarget
    self.timeToTarget = timeToTarget
    self.bytesDown = bytesDown
    self.bytesUp = bytesUp
    self.wireBytesDown = wireBytesDown
    self.wireBytesUp = wireBytesUp
    self.time = time
    self.bytesPerRoundPerClient = bytesPerRoundPerClient
    self.trainableParameters = trainableParameters
    self.payload = payload
    self.peakMemory = peakMemory
    self.eligibleShare = eligibleShare
    self.survey = survey
    self.wastedShare = wastedShare
    self.flops = flops
    self.energy = energy
    self.wastedFLOPsShare = wastedFLOPsShare
    self.remark = remark
  }

  /// The bytes in both directions.
  public var bytes: ByteCount { bytesDown + bytesUp }
}

extension MethodSummary {
  /// A number of the summary that is compared with full fine-tuning.
  package struct Measure: Sendable {
    package let column: String
    let value: @Sendable (MethodSummary) -> Double?
    /// The value as written to the table.
    let text: @Sendable (MethodSummary) -> String?
  }

  package static let measures: [Measure] = [
    accuracy("start_accuracy") { $0.startAccuracy },
    accuracy("final_accuracy") { $0.finalAccuracy },
    accuracy("best_accuracy") { $0.bestAccuracy },
    bytes("bytes_to_target") { $0.bytesToTarget },
    seconds("time_to_target_s") { $0.timeToTarget },
    bytes("bytes_down") { $0.bytesDown },
    bytes("bytes_up") { $0.bytesUp },
    seconds("virtual_time_s") { $0.time },
    number("bytes_per_round_per_client", \.bytesPerRoundPerClient),
    Measure(
      column: "trainable_parameters", value: { Double($0.trainableParameters) },
      text: { "\($0.trainableParameters)" }),
    bytes("payload_bytes") { $0.payload },
    bytes("peak_memory_bytes") { $0.peakMemory },
    number("eligible_share", \.eligibleShare),
    number("wasted_share", \.wastedShare),
    Measure(
      column: "device_flops", value: { Double($0.flops.operations) },
      text: { "\($0.flops.operations)" }),
    Measure(
      column: "device_energy_j", value: { $0.energy?.joules },
      text: { $0.energy?.decimalJoules }),
    number("wasted_flops_share", \.wastedFLOPsShare),
  ]

  package static var header: [String] {
    ["method", "seed", "rounds", "best_round", "target_accuracy"] + measures.map(\.column)
      + measures.map { "\($0.column)_vs_full" }
      + ["remark", "wire_bytes_down", "wire_bytes_up"]
  }

  /// - Parameter full: the summary of full fine-tuning, if it is one of the methods.
  func fields(comparedWith full: MethodSummary?) -> [String] {
    [
      "\(method)", "\(seed)", "\(rounds)", bestRound.map { "\($0)" } ?? "",
      targetAccuracy?.decimalText ?? "",
    ]
      + Self.measures.map { $0.text(self) ?? "" }
      + Self.measures.map { measure in
        guard let own = measure.value(self), let other = full.flatMap(measure.value), other != 0
        else { return "" }
        return (own / other).decimalText
      } + [remark ?? "", "\(wireBytesDown.bytes)", "\(wireBytesUp.bytes)"]
  }

  private static func number(
    _ column: String, _ path: any KeyPath<MethodSummary, Double> & Sendable
  ) -> Measure {
    Measure(column: column, value: { $0[keyPath: path] }, text: { $0[keyPath: path].decimalText })
  }

  private static func accuracy(
    _ column: String, _ value: @escaping @Sendable (MethodSummary) -> Double?
  ) -> Measure {
    Measure(column: column, value: value, text: { value($0)?.decimalText })
  }

  private static func bytes(
    _ column: String, _ value: @escaping @Sendable (MethodSummary) -> ByteCount?
  ) -> Measure {
    Measure(
      column: column, value: { value($0).map { Double($0.bytes) } },
      text: { value($0).map { "\($0.bytes)" } })
  }

  private static func seconds(
    _ column: String, _ value: @escaping @Sendable (MethodSummary) -> SimulationDuration?
  ) -> Measure {
    Measure(column: column, value: { value($0)?.seconds }, text: { value($0)?.decimalSeconds })
  }
}
