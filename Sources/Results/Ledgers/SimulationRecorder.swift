import EventSimulation
import Fleet

/// Records the activity of a simulation, in event order.
package protocol SimulationRecorder {
  /// Whether rows of tasks are written.
  var keepsTasks: Bool { get }
  func record(_ task: TaskRecord) throws
  func record(_ edge: EdgeRecord) throws
  func record(_ round: RoundRecord) throws
  /// Records the clients' accuracy with the version whose round is recorded next.
  func record(_ clients: [ClientRecord]) throws
  /// Reports the number of classified images in the test of a version.
  func testing(_ done: Int, of count: Int)
  /// Records a version that is not tested.
  func passed(round: Int, at time: SimulationTime, bytes: ByteCount) throws
}
