/// The parts of a client's task, in their order.
enum TaskPhase: String, CaseIterable {
  case download, train, upload

  var title: String { self == .train ? "training" : rawValue }
}
