import Adaptation
import Fleet

/// A task between its selection and its end.
struct InFlightTask: Codable, Sendable {
  let client: Int
  let round: Int
  let profile: DeviceProfile
  let samples: Int
  let timeline: TaskTimeline
  let peakMemory: ByteCount
}
