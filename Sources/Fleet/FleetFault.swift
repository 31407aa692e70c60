/// Something that is wrong with the description of a fleet.
public struct FleetFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where it stands, from the fleet downwards: `classes[1].dropout`.
  public var key: String

  /// What is wrong, as a sentence a person can act on.
  public var reason: String

  public var description: String { "\(key): \(reason)" }
}
