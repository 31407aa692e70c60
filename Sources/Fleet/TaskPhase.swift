/// What a device does in the course of a task, in this order.
package enum TaskPhase: String, CaseIterable, Codable, Sendable {
  case download, training, upload
}
