import DeviceTasks
import Fleet

/// Activity and costs in an interval of virtual time.
///
/// Devices are counted when they are selected, costs when they are incurred, and outcomes when a
/// task ends. A task that spans several versions therefore contributes to several rows.
public struct RoundActivity: Sendable, Equatable, Codable {
  public private(set) var selected = 0
  public private(set) var completed = 0
  public private(set) var dropped = 0
  public private(set) var late = 0
  public private(set) var excludedMemory = 0
  public private(set) var unavailable = 0
  public private(set) var rejected = 0
  public private(set) var bytesDown = ByteCount.zero
  public private(set) var bytesUp = ByteCount.zero
  /// The bytes on the wire, including framing and headers.
  public private(set) var wireBytesDown = ByteCount.zero
  public private(set) var wireBytesUp = ByteCount.zero
  /// All bytes of tasks that ended without their update being used.
  public private(set) var wastedBytes = ByteCount.zero
  public private(set) var flops = FLOPCount.zero
  /// All operations of tasks that ended without their update being used.
  public private(set) var wastedFLOPs = FLOPCount.zero
  /// Nil if no device's power consumption is known.
  public private(set) var energy: Energy?
  /// All energy of tasks that ended without their update being used; nil if `energy` is nil.
  public private(set) var wastedEnergy: Energy?
  /// The peak memory over all devices.
  public private(set) var peakMemory = ByteCount.zero
  /// Nil if devices connect to the server directly.
  public private(set) var edges: EdgeActivity?
  private var lossSum = 0.0
  private var lossSamples = 0

  init() {}

  /// The mean loss of the completed tasks, weighted by samples.
  public var trainLoss: Double? {
    lossSamples > 0 ? lossSum / Double(lossSamples) : nil
  }

  /// The bytes in both directions.
  public var bytes: ByteCount { bytesDown + bytesUp }

  /// Whether there was no activity.
  package var isEmpty: Bool {
    var rest = self
    if rest.edges?.isEmpty == true { rest.edges = nil }
    return rest == RoundActivity()
  }

  mutating func book(_ entry: CostEntry) {
    switch entry.phase {
    case .download:
      bytesDown += ByteCount(entry.amount)
      wireBytesDown += ByteCount(entry.wireBytes)
    case .training: flops += FLOPCount(entry.amount)
    case .upload:
      bytesUp += ByteCount(entry.amount)
      wireBytesUp += ByteCount(entry.wireBytes)
    }
    if let spent = entry.energy { energy = (energy ?? .zero) + spent }
  }

  mutating func select(knowsPower: Bool) {
    selected += 1
    guard knowsPower else { return }
    energy = energy ?? .zero
    wastedEnergy = wastedEnergy ?? .zero
  }

  mutating func bookEdge(_ spent: EdgeSpending) {
    edges = edges ?? EdgeActivity()
    edges!.spent += spent
  }

  mutating func endEdge(_ outcome: EdgeRecord.Outcome) {
    edges = edges ?? EdgeActivity()
    if outcome == .completed { edges!.completed += 1 }
    if outcome == .failed { edges!.failed += 1 }
  }

  mutating func start(peak: ByteCount) { peakMemory = max(peakMemory, peak) }

  mutating func end(
    _ outcome: TaskOutcome, spent: TaskWork, energy: Energy?, loss: Double?, samples: Int
  ) {
    switch outcome {
    case .completed: completed += 1
    case .droppedDownload, .droppedTraining, .droppedUpload, .outage, .edgeFailed: dropped += 1
    case .late, .stale: late += 1
    case .excludedMemory: excludedMemory += 1
    case .unavailable: unavailable += 1
    case .rejected: rejected += 1
    }
    if energy != nil { wastedEnergy = wastedEnergy ?? .zero }
    if outcome != .completed { waste(spent, energy ?? .zero) }
    if let loss {
      lossSum += loss * Double(samples)
      lossSamples += samples
    }
  }

  /// - Parameter spentEnergy: zero if unknown.
  mutating func waste(_ work: TaskWork, _ spentEnergy: Energy) {
    wastedBytes += work.download + work.upload
    wastedFLOPs += work.training
    if spentEnergy > .zero { wastedEnergy = (wastedEnergy ?? .zero) + spentEnergy }
  }

  static func + (lhs: Self, rhs: Self) -> Self {
    var sum = lhs
    sum.selected += rhs.selected
    sum.completed += rhs.completed
    sum.dropped += rhs.dropped
    sum.late += rhs.late
    sum.excludedMemory += rhs.excludedMemory
    sum.unavailable += rhs.unavailable
    sum.rejected += rhs.rejected
    sum.bytesDown += rhs.bytesDown
    sum.bytesUp += rhs.bytesUp
    sum.wireBytesDown += rhs.wireBytesDown
    sum.wireBytesUp += rhs.wireBytesUp
    sum.wastedBytes += rhs.wastedBytes
    sum.flops += rhs.flops
    sum.wastedFLOPs += rhs.wastedFLOPs
    sum.energy = added(lhs.energy, rhs.energy)
    sum.wastedEnergy = added(lhs.wastedEnergy, rhs.wastedEnergy)
    sum.peakMemory = max(lhs.peakMemory, rhs.peakMemory)
    sum.edges = lhs.edges == nil ? rhs.edges : lhs.edges! + (rhs.edges ?? EdgeActivity())
    sum.lossSum += rhs.lossSum
    sum.lossSamples += rhs.lossSamples
    return sum
  }

  private static func added(_ lhs: Energy?, _ rhs: Energy?) -> Energy? {
    lhs == nil && rhs == nil ? nil : (lhs ?? .zero) + (rhs ?? .zero)
  }
}
