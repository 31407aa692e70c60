/// A task between its start and its end.
package struct InFlightTask: Codable, Sendable {
  package let plan: TaskPlan
  package var progress: TaskProgress
}
