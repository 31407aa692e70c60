/// A task between its selection and its end.
struct InFlightTask: Codable, Sendable {
  let plan: TaskPlan
  var course: TaskCourse
}
