import DeviceTasks
import EventSimulation
import Federation

/// The actions available to a coordinator.
package protocol CoordinatedServer: AnyObject {
  /// The number of the current version.
  var versionNumber: Int { get }

  var tasksInFlight: Int { get }

  /// Devices with tasks in flight, if the coordinator overlaps tasks.
  var busyDevices: Set<Int> { get }

  /// Whether the last version has been created, or the run was aborted.
  var isFinished: Bool { get }

  /// Selects devices with the scenario's policy.
  func select(
    _ request: SelectionRequest, excluding excluded: ExcludedDevices, at time: SimulationTime
  ) -> DeviceChoice

  /// Starts a task of the current version on each device that can execute it.
  ///
  /// - Parameters:
  ///   - clients: devices that are selected together.
  ///   - taskSeed: distinguishes the tasks' random draws from those of the same clients' other
  ///     tasks.
  /// - Returns: the admission of each task.
  func start(
    _ clients: [Int], taskSeed: Int, at time: SimulationTime
  ) throws -> [TaskAdmission]

  /// Creates a version from the updates since the last one. If it is the last version, the run is
  /// finished.
  func makeVersion(at time: SimulationTime) throws

  /// Whether any device of the fleet has sufficient memory for a task and is online now or later.
  ///
  /// - Complexity: O(devices), limited to ten thousand devices of a large fleet.
  func hasEligibleDevice(at time: SimulationTime) -> Bool

  /// Aborts the run before the last version.
  func giveUp(_ reason: GiveUpReason, at time: SimulationTime) throws

  /// Schedules an alarm for the coordinator.
  func set(_ alarm: Alarm, at time: SimulationTime) -> EventHandle

  func cancel(_ alarm: EventHandle)

  /// One of the edges between this server and its devices; requires a topology with edges.
  func edge(_ number: Int) -> any EdgeServer
}

extension CoordinatedServer {
  package func edge(_ number: Int) -> any EdgeServer {
    preconditionFailure("this server has no edges")
  }
}

/// The actions available on an edge: those of a server for its devices, and transfers to and from
/// the cloud.
///
/// An edge numbers its own versions from 0. It never finishes or aborts by itself.
package protocol EdgeServer: CoordinatedServer {
  /// Whether transfers between it and the cloud take time.
  var hasBackhaul: Bool { get }

  /// Starts the download of the cloud's current version.
  ///
  /// - Returns: when the download ends; nil if it ends immediately, without a backhaul.
  func beginDownload(at time: SimulationTime) -> SimulationTime?

  /// Ends the download: devices start from the cloud's version from now on.
  func endDownload(at time: SimulationTime) throws

  /// Starts the upload of the edge's version to the cloud.
  func beginUpload(at time: SimulationTime) -> SimulationTime?

  /// Ends the upload of the edge's version.
  ///
  /// - Parameters:
  ///   - isUsed: whether the cloud uses the version.
  ///   - staleness: the number of cloud versions created since the one that the edge adopted.
  func endUpload(isUsed: Bool, staleness: Int, at time: SimulationTime) throws

  /// Loses the edge's state and aborts its tasks and transfers in flight.
  ///
  /// - Returns: the ends of its devices' tasks.
  func fail(at time: SimulationTime) throws -> [TaskEnd]

  /// Restarts the edge after a failure, without a version.
  func restart(at time: SimulationTime)

  /// Stops the edge permanently.
  func retire(at time: SimulationTime) throws
}

/// Why a run is aborted before its last version.
package enum GiveUpReason: String, Codable, Sendable {
  /// No device can take part now or later.
  case noEligibleDevice
  /// Devices are online, but for a long time none has matched the selection.
  case noSuitableDevice
  /// Tasks are started, but for a long time none has been completed.
  case onlyLostTasks
  /// All updates that arrive are NaN or infinite.
  case onlyRejectedUpdates
}

/// The result of a selection.
package struct DeviceChoice: Sendable {
  /// In ascending order.
  package var devices: [Int]
  /// The earliest time at which one of the offline devices that were considered comes online; nil
  /// if the server does not see availability, or none comes back.
  package var firstReturn: SimulationTime?
  /// Whether any device was available for selection, even if none was selected.
  package var hadCandidates = false
  /// Whether exactly these devices must be used, even if there are none, because the sampling is
  /// part of a privacy guarantee.
  package var isBinding = false

  package init(devices: [Int], firstReturn: SimulationTime? = nil) {
    self.devices = devices
    self.firstReturn = firstReturn
  }

  /// Whether devices were available, but none was selected.
  var foundNoneSuitable: Bool { devices.isEmpty && hadCandidates }
}

extension CoordinatedServer {
  /// Aborts the run if no device can take part, or if a thousand consecutive selections, a week by
  /// default, found no suitable device. Otherwise a later selection may find other devices online,
  /// or estimate a different jitter.
  ///
  /// - Parameter count: the number of consecutive selections without a suitable device, including
  ///   the last.
  /// - Returns: whether the run was aborted.
  func givesUp(afterInVain count: Int, at time: SimulationTime) throws -> Bool {
    if !hasEligibleDevice(at: time) {
      try giveUp(.noEligibleDevice, at: time)
    } else if count >= 1000 {
      try giveUp(.noSuitableDevice, at: time)
    }
    return isFinished
  }
}

/// Devices to exclude from a selection, as several sets that are not merged into a copy.
package struct ExcludedDevices {
  private let sets: [Set<Int>]

  package init(_ sets: Set<Int>...) { self.sets = sets.filter { !$0.isEmpty } }

  package func contains(_ device: Int) -> Bool { sets.contains { $0.contains(device) } }

  /// A lower bound on their number.
  package var count: Int { sets.map(\.count).max() ?? 0 }

  /// An upper bound on their number.
  package var mostCount: Int { sets.reduce(0) { $0 + $1.count } }
}
