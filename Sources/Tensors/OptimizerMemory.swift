/// A client's optimizer state between two tasks.
public struct OptimizerMemory: Codable, Sendable {
  package var steps: Int
  /// Both moments of every parameter, first before second.
  package var moments: [Float]

  package init(steps: Int, moments: [Float]) {
    self.steps = steps
    self.moments = moments
  }
}
