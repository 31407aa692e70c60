import DeviceTasks
import EventSimulation
import Federation

/// What a coordinator can have done.
package protocol CoordinatedServer: AnyObject {
  /// The number of the current version.
  var versionNumber: Int { get }

  var tasksInFlight: Int { get }

  /// Devices at work, where the coordinator overlaps tasks.
  var busyDevices: Set<Int> { get }

  /// Whether the last version has been made, or the run was given up.
  var isFinished: Bool { get }

  /// Chooses devices by the scenario's selection.
  func select(
    _ request: SelectionRequest, excluding excluded: ExcludedDevices, at time: SimulationTime
  ) -> DeviceChoice

  /// Starts a task of the current version on each of the devices that can do it.
  ///
  /// - Parameters:
  ///   - clients: devices that are selected together.
  ///   - taskSeed: tells the tasks' random draws from those of the same clients' other tasks.
  /// - Returns: what became of each.
  func start(
    _ clients: [Int], taskSeed: Int, at time: SimulationTime
  ) throws -> [TaskAdmission]

  /// Makes a version of the updates since the last. The run is finished when it is the last.
  func makeVersion(at time: SimulationTime) throws

  /// Whether any device of the fleet has the memory for a task and is online now or later.
  ///
  /// - Complexity: O(devices), of a large fleet ten thousand of them.
  func hasEligibleDevice(at time: SimulationTime) -> Bool

  /// Ends the run before the last version.
  func giveUp(_ reason: GiveUpReason, at time: SimulationTime) throws

  /// Has the coordinator told of an instant.
  func set(_ alarm: Alarm, at time: SimulationTime) -> EventHandle

  func cancel(_ alarm: EventHandle)

  /// One of the edges between this server and its devices, which has some.
  func edge(_ number: Int) -> any EdgeServer
}

extension CoordinatedServer {
  package func edge(_ number: Int) -> any EdgeServer {
    preconditionFailure("this server has no edges")
  }
}

/// What can be done with an edge: with its devices as with a server's, and over its backhaul.
///
/// Its versions are its own, counted from 0. It never finishes or gives up by itself.
package protocol EdgeServer: CoordinatedServer {
  /// Whether transfers between it and the cloud take time.
  var hasBackhaul: Bool { get }

  /// Begins to send it the cloud's current version.
  ///
  /// - Returns: when it will be there; nil where it is, without a backhaul.
  func beginDownload(at time: SimulationTime) -> SimulationTime?

  /// Its devices start from the cloud's version from now on.
  func endDownload(at time: SimulationTime) throws

  /// Begins to send the cloud its version.
  func beginUpload(at time: SimulationTime) -> SimulationTime?

  /// The cloud has its version.
  ///
  /// - Parameters:
  ///   - isUsed: whether the cloud takes it in.
  ///   - staleness: how many versions the cloud has made since the one that the edge took over.
  func endUpload(isUsed: Bool, staleness: Int, at time: SimulationTime) throws

  /// Loses all that it has, and breaks off what is in flight.
  ///
  /// - Returns: the ends of its devices' tasks.
  func fail(at time: SimulationTime) throws -> [TaskEnd]

  /// It is back after it failed, without a version.
  func restart(at time: SimulationTime)

  /// Does nothing any more.
  func retire(at time: SimulationTime) throws
}

/// Why a run ends before its last version.
package enum GiveUpReason: String, Codable, Sendable {
  /// No device can take part now or later.
  case noEligibleDevice
  /// Devices are online, and for a long time none of them has been what the selection looks for.
  case noSuitableDevice
  /// Tasks are started, and for a long time none of them has been completed.
  case onlyLostTasks
  /// Updates come whose numbers are NaN or infinite, and no others.
  case onlyRejectedUpdates
}

/// What a selection has found.
package struct DeviceChoice: Sendable {
  /// Ascending.
  package var devices: [Int]
  /// When the first of those comes online that were looked at and are offline; nil where the server does not see
  /// who is online, or none comes back.
  package var firstReturn: SimulationTime?
  /// Whether a device was there to be chosen, whether or not it was.
  package var hadCandidates = false
  /// Whether these devices and no others are to be asked, even if there are none, because the sampling is part of a
  /// privacy guarantee.
  package var isBinding = false

  package init(devices: [Int], firstReturn: SimulationTime? = nil) {
    self.devices = devices
    self.firstReturn = firstReturn
  }

  /// Whether devices were there, and the selection took none of them.
  var foundNoneSuitable: Bool { devices.isEmpty && hadCandidates }
}

extension CoordinatedServer {
  /// Ends the run where nobody can take part, or where a thousand selections in a row have found nobody suitable: a
  /// week of them by default. Otherwise another may find others online, or estimate another jitter.
  ///
  /// - Parameter count: such selections in a row, the last among them.
  /// - Returns: whether the run has ended.
  func givesUp(afterInVain count: Int, at time: SimulationTime) throws -> Bool {
    if !hasEligibleDevice(at: time) {
      try giveUp(.noEligibleDevice, at: time)
    } else if count >= 1000 {
      try giveUp(.noSuitableDevice, at: time)
    }
    return isFinished
  }
}

/// Devices that are not to be chosen, as several sets that are not copied together.
package struct ExcludedDevices {
  private let sets: [Set<Int>]

  package init(_ sets: Set<Int>...) { self.sets = sets.filter { !$0.isEmpty } }

  package func contains(_ device: Int) -> Bool { sets.contains { $0.contains(device) } }

  /// At least how many there are.
  package var count: Int { sets.map(\.count).max() ?? 0 }

  /// At most how many there are.
  package var mostCount: Int { sets.reduce(0) { $0 + $1.count } }
}
