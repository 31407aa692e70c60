/// The phases of a client's task, in order.
enum TaskPhase: String, CaseIterable {
  case download, train, upload

  var title: String { self == .train ? "training" : rawValue }
}
