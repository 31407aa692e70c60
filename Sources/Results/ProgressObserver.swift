import EventSimulation
import Fleet

/// The progress of a run.
package enum RunProgress: Sendable {
  /// The number of samples whose image features were read from the cache.
  case readFeatures(Int, of: Int)
  /// The computation of the remaining features.
  case computingFeatures(done: Int, of: Int)
  /// A sentence for the user about something that does not affect results.
  case warning(String)
  case round(Round)
  /// The method under test, and the number of classified images.
  case testing(String, Int, of: Int)
  /// The number and the description of a sweep's next combination.
  case combination(number: Int, of: Int, String)

  /// A completed server version.
  package struct Round: Sendable {
    package let method: String
    package let methodIndex: Int
    package let methodCount: Int
    package let number: Int
    package let count: Int
    /// Nil if the version was not tested.
    package let accuracy: Double?
    package let time: SimulationTime
    package let bytes: ByteCount

    package init(
      method: String, methodIndex: Int, methodCount: Int, number: Int, count: Int,
      accuracy: Double?, time: SimulationTime, bytes: ByteCount
    ) {
      self.method = method
      self.methodIndex = methodIndex
      self.methodCount = methodCount
      self.number = number
      self.count = count
      self.accuracy = accuracy
      self.time = time
      self.bytes = bytes
    }
  }
}

/// Receives progress reports on the thread of the run.
package protocol ProgressObserver {
  func observe(_ progress: RunProgress)
}
