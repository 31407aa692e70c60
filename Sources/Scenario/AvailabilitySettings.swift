import Configuration
import EventSimulation
import Fleet
import Foundation
import Storage

/// When devices are online for training, as configured in the scenario.
public enum AvailabilitySettings: Sendable, Encodable {
  case always
  case diurnal(DiurnalPattern)
  case sessions(SessionPattern)
  /// A CSV file of recorded sessions, their assignment to devices, and the period of repetition.
  case trace(
    path: String, assignment: AvailabilityTrace.Assignment?, period: SimulationDuration?)

  private enum Kind: String, CaseIterable {
    case always, diurnal, sessions, trace
  }

  init(_ section: ConfigurationSection) {
    switch section.kind("kind", of: Kind.self, default: .always) {
    case .always: self = .always
    case .diurnal: self = .diurnal(DiurnalPattern(section))
    case .sessions:
      self = .sessions(
        SessionPattern(
          every: section.quantity("every"), length: section.distribution("length")))
    case .trace:
      self = .trace(
        path: section.string("path", example: "sessions.csv"),
        assignment: section.optionalChoice("assignment"),
        period: section.optionalQuantity("period"))
    }
  }

  /// The availability traces that the scenario names.
  package var files: [String] {
    if case .trace(let path, _, _) = self { [path] } else { [] }
  }

  /// - Throws: `TableFault` if the trace cannot be read.
  package func availability(_ resolve: (String) -> URL) throws(TableFault) -> Availability {
    switch self {
    case .always: .always
    case .diurnal(let pattern): .diurnal(pattern)
    case .sessions(let pattern): .sessions(pattern)
    case .trace(let path, let assignment, let period):
      .trace(
        try AvailabilityTrace(csv: resolve(path), assignment: assignment, period: period))
    }
  }
}

extension DiurnalPattern {
  private static let hour = SimulationDuration.seconds(3600)

  init(_ section: ConfigurationSection) {
    self.init(
      mean: section.number("mean", in: 1e-3...0.999, default: 0.25),
      swing: section.number("swing", in: 1...1e6, default: 4),
      peak: section.has("peak")
        ? section.quantity("peak", SimulationDuration.self, allowingZero: true)
        : SimulationDuration.seconds(2 * 3600),
      slot: section.quantity("slot", in: .seconds(1)...Self.hour, default: Self.hour),
      zones: section.has("zones")
        ? section.quantity("zones", SimulationDuration.self, allowingZero: true)
        : SimulationDuration.seconds(24 * 3600))
  }
}
