/// Why a scenario is invalid, as a sentence that says what to change.
public struct ExperimentError: Error, Equatable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) {
    self.description = description
  }
}
