import Adaptation
import Fleet

/// A task between its selection and its end.
struct InFlightTask: Codable, Sendable {
  let client: Int
  let round: Int
  let profile: DeviceProfile
  /// Sample indices, a step each.
  let batches: [[Int]]
  let samples: Int
  let timeline: TaskTimeline
  let peakMemory: ByteCount
}
