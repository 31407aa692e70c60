/// A step of a server optimizer, which treats the clients' mean change as its (negative) gradient.
public protocol ServerStep: Sendable, Codable, Equatable {
  /// The version after a step.
  ///
  /// - Parameters:
  ///   - version: the server's parameters.
  ///   - change: the clients' mean change; a negative gradient, so the step adds it.
  mutating func step(_ version: [Float], along change: [Float]) -> [Float]
}
