/// A numbered state of what the server shares with its clients.
package struct ServerVersion: Codable, Sendable, Equatable {
  /// The number of earlier versions.
  package let number: Int
  /// The shared parameters: those of the method, or for a LoRA the factors A and B with the
  /// server's rank. Empty in a timing-only run of a method whose costs do not depend on them.
  package var parameters: [Float]
  /// c of SCAFFOLD; empty for all other algorithms.
  package var control: [Float] = []
  /// The accumulated change of the weights of every layer that a LoRA adapts, [outputs, inputs]
  /// concatenated; empty for none.
  package var merged: [Float] = []

  package init(number: Int = 0, parameters: [Float]) {
    self.number = number
    self.parameters = parameters
  }

  /// The next version, with other parameters and everything else unchanged.
  func next(_ parameters: [Float]) -> Self {
    var next = Self(number: number + 1, parameters: parameters)
    next.control = control
    next.merged = merged
    return next
  }

  /// A copy with another number.
  func numbered(_ number: Int) -> Self {
    var version = Self(number: number, parameters: parameters)
    version.control = control
    version.merged = merged
    return version
  }

  /// Adds a change to the weights.
  mutating func merge(_ change: [Float]) {
    merged = merged.isEmpty ? change : zip(merged, change).map { $0 + $1 }
  }
}
