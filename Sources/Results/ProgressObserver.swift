import EventSimulation
import Fleet

/// Where a run has come to.
package enum RunProgress: Sendable {
  /// The image features of so many samples came from the cache.
  case readFeatures(Int, of: Int)
  /// The others' are being computed.
  case computingFeatures(done: Int, of: Int)
  /// Something that the user should know and that changes no result, as a sentence.
  case warning(String)
  case round(Round)
  /// In the test of a method's version, so many images of so many were classified.
  case testing(String, Int, of: Int)
  /// A sweep has come to a combination, which is described.
  case combination(number: Int, of: Int, String)

  /// A server version that was finished.
  package struct Round: Sendable {
    package let method: String
    package let methodIndex: Int
    package let methodCount: Int
    package let number: Int
    package let count: Int
    /// Nil where the version was not tested.
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

/// Is told where a run has come to, on the thread that runs it.
package protocol ProgressObserver {
  func observe(_ progress: RunProgress)
}
