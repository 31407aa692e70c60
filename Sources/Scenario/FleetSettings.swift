import Adaptation
import Configuration
import DeviceTasks
import EventSimulation
import Fleet

/// The devices and their classes, availability and execution of a training step.
public struct FleetSettings: Sendable, Encodable {
  /// When devices download the frozen base.
  public enum BaseDownload: String, Codable, Sendable, CaseIterable {
    /// Before the run.
    case preinstalled
    /// With a device's first task.
    case once
    /// With every task.
    case everyRound = "every_round"
  }

  /// The bundled fleet that provides the classes; nil if the scenario defines its own.
  public var profile: FleetProfile?
  /// Nil if a table lists the devices.
  public var devices: Int?
  /// The table that lists the devices one by one; nil if they are drawn.
  public var devicesTable: String?
  /// Including the disturbance.
  public var classes: [DeviceClass]
  /// The factor on the classes' dropouts and on the share of stragglers; nil for 1.
  public var disturbance: Double?
  public var executionPlan: ExecutionPlan
  /// The runtime that determines the memory used on devices; nil for the default of each execution
  /// plan.
  public var runtime: DeviceRuntime?
  /// The fallbacks of a device with insufficient memory, in order of preference; if empty, the
  /// device is excluded.
  public var adapt: [MemoryFallback]
  public var baseDownload: BaseDownload
  public var availability: AvailabilitySettings
  /// The table of the times at which devices are offline together; nil for none.
  public var outages: String?
  package var interruption: TaskEngine.Interruption

  /// Reads `fleet:`, which is a section or the name of a profile.
  init(in root: ConfigurationSection) {
    self.init(root.section("fleet", naming: "profile"))
  }

  private init(_ section: ConfigurationSection) {
    let faults = section.faultCount
    profile = section.optionalChoice("profile")
    // If the profile does not exist, its missing devices and classes are not reported as well.
    let hasWrongProfile = section.has("profile") && profile == nil
    switch section.integerOrTable(
      "devices", in: 1...1_000_000_000_000,
      default: profile?.devices ?? (hasWrongProfile ? 1 : nil), example: 50,
      tableExample: "devices.csv")
    {
    case .integer(let count): devices = count
    case .table(let file): devicesTable = file
    }
    let isDrawn = devices != nil
    do {
      classes =
        try profile?.classes()
        ?? section.sections("classes", isRequired: !hasWrongProfile).map {
          DeviceClass($0, isDrawn: isDrawn)
        }
    } catch {
      section.fault(at: "profile", "the package's own file cannot be used: \(error)")
      classes = []
    }
    disturbance = section.optionalNumber("disturbance", in: 1...1000, example: 2)
    if let disturbance { classes = classes.disturbed(disturbance) }
    executionPlan = section.choice("execution_plan", default: .reference)
    runtime = section.optionalChoice("runtime")
    adapt = section.choices("adapt", default: [], none: "none")
    if Set(adapt).count < adapt.count {
      section.fault(
        at: "adapt",
        "each of \(MemoryFallback.allCases.map(\.rawValue).joined(separator: ", ")) may appear in the list once"
      )
    }
    baseDownload = section.choice("base_download", default: .preinstalled)
    availability = AvailabilitySettings(section.section("availability", isRequired: false))
    interruption = section.choice("interruption", default: .pause)
    outages = section.optionalString("outages", example: "outages.csv")
    guard section.faultCount == faults else { return }
    for fault in Fleet.faults(count: devices, classes: classes) {
      section.fault(at: "classes", "\(fault.key): \(fault.reason)")
    }
  }

  /// The files that describe the devices and their availability, as named in the scenario.
  package var files: [String] {
    var files = availability.files
    for trace in classes.compactMap(\.bandwidthTrace) where !files.contains(trace) {
      files.append(trace)
    }
    return files + [devicesTable, outages].compactMap(\.self)
  }

  /// The runtime used to estimate the memory of devices that execute `plan`.
  package func runtime(for plan: ExecutionPlan) -> DeviceRuntime { runtime ?? .standard(for: plan) }
}

extension [DeviceClass] {
  /// The classes with their dropout and hazards multiplied by a factor, each up to its limit, and
  /// likewise the share of the slowest class, the first of those with the least compute; the other
  /// shares shrink in proportion.
  ///
  /// A fleet with a single class gets no additional stragglers.
  func disturbed(_ factor: Double) -> [DeviceClass] {
    var classes = self
    for index in indices {
      classes[index].dropout = Swift.min(1, factor * self[index].dropout)
      let hazard = self[index].hazard
      classes[index].hazard = HazardRates(
        download: factor * hazard.download, training: factor * hazard.training,
        upload: factor * hazard.upload)
    }
    guard
      let slowest = indices.min(by: {
        self[$0].compute.median.operationsPerSecond < self[$1].compute.median.operationsPerSecond
      }), self[slowest].share < 1
    else { return classes }
    let share = Swift.min(1, factor * self[slowest].share)
    for index in indices {
      classes[index].share =
        index == slowest ? share : self[index].share * (1 - share) / (1 - self[slowest].share)
    }
    return classes
  }
}
