import EventSimulation
import Fleet

/// Takes down what a simulation does, in event order.
protocol SimulationLedger {
  func record(_ task: TaskRecord) throws
  func record(_ round: RoundRecord) throws
  /// So many test images of so many were classified in the test of a version.
  func testing(_ done: Int, of count: Int)
  /// A version was finished that the scenario does not ask to test.
  func passed(round: Int, at time: SimulationTime, bytes: ByteCount) throws
}
