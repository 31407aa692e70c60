/// The phases of a task, in order.
package enum TaskPhase: String, CaseIterable, Codable, Sendable {
  case download, training, upload
}
