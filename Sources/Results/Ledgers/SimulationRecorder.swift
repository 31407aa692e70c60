import EventSimulation
import Fleet

/// Writes down what a simulation does, in event order.
package protocol SimulationRecorder {
  /// Whether rows of tasks go anywhere.
  var keepsTasks: Bool { get }
  func record(_ task: TaskRecord) throws
  func record(_ edge: EdgeRecord) throws
  func record(_ round: RoundRecord) throws
  /// How clients do with the version whose round is recorded next.
  func record(_ clients: [ClientRecord]) throws
  /// So many test images of so many were classified in the test of a version.
  func testing(_ done: Int, of count: Int)
  /// A version was made that the scenario does not ask to test.
  func passed(round: Int, at time: SimulationTime, bytes: ByteCount) throws
}
