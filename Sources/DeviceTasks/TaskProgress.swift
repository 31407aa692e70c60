import EventSimulation
import Fleet

/// The progress of a task, and the costs booked for it.
package struct TaskProgress: Codable, Sendable {
  /// Whether the costs or the dropout depend on active time in a phase.
  let countsActiveTime: Bool
  /// The remaining hazard until the device drops out.
  package private(set) var endurance: Double
  package private(set) var phase = TaskPhase.download
  /// When the phase began.
  package private(set) var start: SimulationTime
  /// The work booked since the task's start.
  package private(set) var spent = TaskWork.zero
  package private(set) var energy = Energy.zero
  /// The bytes on the wire, including framing and headers.
  package private(set) var wireDown = ByteCount.zero
  package private(set) var wireUp = ByteCount.zero
  /// The bytes or operations booked in the current phase.
  private var phaseAmount = 0
  private var phaseWire = 0
  private var phaseEnergy = Energy.zero
  /// The duration of each completed phase, including interruptions.
  private var download: SimulationDuration?
  private var training: SimulationDuration?
  private var upload: SimulationDuration?

  init(start: SimulationTime, endurance: Double, countsActiveTime: Bool) {
    self.start = start
    self.countsActiveTime = countsActiveTime
    self.endurance = endurance
  }

  /// The duration of a phase, or nil if it did not begin.
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

  /// Records what the current phase has spent so far.
  ///
  /// - Parameters:
  ///   - amount: bytes or operations since the phase began; must not decrease.
  ///   - wire: the corresponding bytes on the wire.
  ///   - energy: since the phase began.
  /// - Returns: the increase since the last call.
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

  /// Ends the current phase, complete or not.
  ///
  /// - Parameter hazard: the cumulative hazard of the phase.
  mutating func leave(at time: SimulationTime, hazard: Double) {
    endurance -= hazard
    switch phase {
    case .download: download = time - start
    case .training: training = time - start
    case .upload: upload = time - start
    }
  }
}
