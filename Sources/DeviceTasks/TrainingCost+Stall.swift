import Adaptation
import EventSimulation
import Fleet

extension TrainingCost {
  /// The time that the kernels take in addition to their operations: waiting for memory, and launch
  /// overhead.
  ///
  /// - Parameter bandwidth: nil if memory traffic takes no additional time.
  package func stall(
    _ rate: ComputeRate, _ bandwidth: MemoryBandwidth?, overhead: SimulationDuration
  ) -> SimulationDuration {
    let waiting = bandwidth.map { bandwidth in
      let bytes = waitingBytes(
        rate: rate.operationsPerSecond, bandwidth: bandwidth.bytesPerSecond)
      return bandwidth.duration(of: ByteCount(bytes))
    }
    return (waiting ?? .zero) + overhead * kernels
  }
}
