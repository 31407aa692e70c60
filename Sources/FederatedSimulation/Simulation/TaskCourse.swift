import EventSimulation
import Fleet

/// How far a task has come, and what it has spent in the phases behind it.
struct TaskCourse: Codable, Sendable {
  /// The hazard that the device still endures before it is lost.
  private(set) var endurance: Double
  private(set) var phase = TaskPhase.download
  /// When the phase began.
  private(set) var start: SimulationTime
  private(set) var spent = TaskWork.zero
  private(set) var energy = Energy.zero
  /// The time that each phase behind it took, interruptions included.
  private var download: SimulationDuration?
  private var training: SimulationDuration?
  private var upload: SimulationDuration?

  init(start: SimulationTime, endurance: Double) {
    self.start = start
    self.endurance = endurance
  }

  /// The time that a phase took, or nil where it did not begin.
  func span(of phase: TaskPhase) -> SimulationDuration? {
    switch phase {
    case .download: download
    case .training: training
    case .upload: upload
    }
  }

  mutating func enter(_ phase: TaskPhase, at time: SimulationTime) {
    self.phase = phase
    start = time
  }

  /// Closes the books on the current phase, at its end or before.
  ///
  /// - Parameter hazard: what the device has endured in it.
  mutating func leave(
    at time: SimulationTime, spent: TaskWork, energy: Energy, hazard: Double
  ) {
    endurance -= hazard
    self.spent = self.spent + spent
    self.energy += energy
    switch phase {
    case .download: download = time - start
    case .training: training = time - start
    case .upload: upload = time - start
    }
  }
}
