/// One numbered state of what the server shares with its clients.
package struct ServerVersion: Codable, Sendable, Equatable {
  /// How many versions came before.
  package let number: Int
  /// The numbers that all clients share: those of the method, or of a LoRA the factors A and B of the server's
  /// rank. Empty in a timing-only run of a method that needs no numbers to know its costs.
  package var parameters: [Float]
  /// c of SCAFFOLD; empty for all others.
  package var control: [Float] = []
  /// What has been added to the weight of every layer that a LoRA changes, [outputs, inputs] one behind the
  /// other; empty for nothing.
  package var merged: [Float] = []

  package init(number: Int = 0, parameters: [Float]) {
    self.number = number
    self.parameters = parameters
  }

  /// The version after this one, with other parameters and all else as it is.
  func next(_ parameters: [Float]) -> Self {
    var next = Self(number: number + 1, parameters: parameters)
    next.control = control
    next.merged = merged
    return next
  }

  /// The same version under another number.
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
