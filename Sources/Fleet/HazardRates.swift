import EventSimulation

/// The rate at which a device drops out in each phase of a task, in dropouts per hour.
///
/// In a phase with rate h, a task survives t hours with probability exp(-h t). A method that takes
/// longer therefore has more dropouts, unlike with a probability per task.
public struct HazardRates: Hashable, Codable, Sendable {
  public var download: Double
  public var training: Double
  public var upload: Double

  public init(download: Double, training: Double, upload: Double) {
    self.download = download
    self.training = training
    self.upload = upload
  }

  public static let none = HazardRates(download: 0, training: 0, upload: 0)

  package subscript(phase: TaskPhase) -> Double {
    switch phase {
    case .download: download
    case .training: training
    case .upload: upload
    }
  }

  /// The cumulative hazard of a `duration` in a phase.
  package func hazard(of duration: SimulationDuration, in phase: TaskPhase) -> Double {
    self[phase] * (Double(duration.nanoseconds) / 3600e9)
  }

  /// The time in a phase until its cumulative hazard reaches `endurance`; nil if it never does.
  package func time(for endurance: Double, in phase: TaskPhase) -> SimulationDuration? {
    guard self[phase] > 0 else { return nil }
    let time = SimulationDuration(nearestTo: endurance / self[phase] * 3600e9)
    return time == .unbounded ? nil : time
  }
}
