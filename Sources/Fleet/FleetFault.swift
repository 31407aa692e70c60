/// An error in the description of a fleet.
public struct FleetFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path of the key, starting at the fleet: `classes[1].dropout`.
  public var key: String

  /// The error as a sentence that a person can act on.
  public var reason: String

  public var description: String { "\(key): \(reason)" }
}
