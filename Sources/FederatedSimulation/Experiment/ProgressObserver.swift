import EventSimulation
import Fleet

/// Where a run has come to.
package enum RunProgress: Sendable {
  case computingFeatures(done: Int, of: Int)
  /// A server version was finished and, where `accuracy` is given, tested.
  case round(
    method: String, methodIndex: Int, methodCount: Int, round: Int, of: Int, accuracy: Double?,
    time: SimulationTime, bytes: ByteCount)
}

/// Is told where a run has come to, on the thread that runs it.
package protocol ProgressObserver {
  func observe(_ progress: RunProgress)
}
