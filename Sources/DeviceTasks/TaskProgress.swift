import EventSimulation
import Fleet

/// How far a task has come, and what of its costs has been booked.
package struct TaskProgress: Codable, Sendable {
  /// Whether its costs or its losses depend on how long the device was active in a phase.
  let countsActiveTime: Bool
  /// The hazard that the device still endures before it drops out.
  package private(set) var endurance: Double
  package private(set) var phase = TaskPhase.download
  /// When the phase began.
  package private(set) var start: SimulationTime
  /// What has been booked since the task's start.
  package private(set) var spent = TaskWork.zero
  package private(set) var energy = Energy.zero
  /// The bytes that travelled, with framing and headers.
  package private(set) var wireDown = ByteCount.zero
  package private(set) var wireUp = ByteCount.zero
  /// What of that belongs to the current phase.
  private var phaseAmount = 0
  private var phaseWire = 0
  private var phaseEnergy = Energy.zero
  /// The time that each phase behind it took, interruptions included.
  private var download: SimulationDuration?
  private var training: SimulationDuration?
  private var upload: SimulationDuration?

  init(start: SimulationTime, endurance: Double, countsActiveTime: Bool) {
    self.start = start
    self.countsActiveTime = countsActiveTime
    self.endurance = endurance
  }

  /// The time that a phase took, or nil where it did not begin.
  package func span(of phase: TaskPhase) -> SimulationDuration? {
    switch phase {
    case .download: download
    case .training: training
    case .upload: upload
    }
  }

  mutating func enter(_ phase: TaskPhase, at time: SimulationTime) {
    self.phase = phase
    start = time
    phaseAmount = 0
    phaseWire = 0
    phaseEnergy = .zero
  }

  /// Takes note of what the current phase has spent by now.
  ///
  /// - Parameters:
  ///   - amount: bytes or operations since the phase began; never less than the last time.
  ///   - wire: bytes that travelled for them.
  ///   - energy: since the phase began.
  /// - Returns: what is new since the last time.
  mutating func book(
    amount: Int, wire: Int, energy: Energy?
  ) -> (amount: Int, wire: Int, energy: Energy?) {
    let (new, newWire) = (amount - phaseAmount, wire - phaseWire)
    precondition(new >= 0 && newWire >= 0, "what is spent is never given back")
    (phaseAmount, phaseWire) = (amount, wire)
    switch phase {
    case .download:
      spent.download += ByteCount(new)
      wireDown += ByteCount(newWire)
    case .training: spent.training += FLOPCount(new)
    case .upload:
      spent.upload += ByteCount(new)
      wireUp += ByteCount(newWire)
    }
    guard let energy else { return (new, newWire, nil) }
    let newEnergy = energy - phaseEnergy
    phaseEnergy = energy
    self.energy += newEnergy
    return (new, newWire, newEnergy)
  }

  /// Ends the current phase, at its end or before.
  ///
  /// - Parameter hazard: what the device has endured in it.
  mutating func leave(at time: SimulationTime, hazard: Double) {
    endurance -= hazard
    switch phase {
    case .download: download = time - start
    case .training: training = time - start
    case .upload: upload = time - start
    }
  }
}
