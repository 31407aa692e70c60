/// Why a base cannot be trained, as a sentence that says what to do.
public struct PretrainingError: Error, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
