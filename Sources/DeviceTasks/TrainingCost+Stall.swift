import Adaptation
import EventSimulation
import Fleet

extension TrainingCost {
  /// How long the kernels take beyond their operations: what memory makes them wait, and what starts each.
  ///
  /// - Parameter bandwidth: nil where memory takes no time of its own.
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
