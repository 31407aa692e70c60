import EventSimulation
import Fleet

/// One direction of the server's own link, with the event that waits for the next end on it.
struct ServerLink: Codable, Sendable {
  var flows: FairShareLink
  var due: EventHandle?

  init(capacity: BitRate) { flows = FairShareLink(capacity: capacity) }
}
