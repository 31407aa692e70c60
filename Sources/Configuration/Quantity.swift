/// A physical quantity that a configuration file writes as a number and a unit, such as `15 Mbps`.
///
/// A type declares its conformance next to its definition, so that its units are documented there.
public protocol Quantity: Sendable {
  /// A noun with its article for error messages: `"a data rate"`.
  static var noun: String { get }

  /// The accepted units, and the number of base units in each: `["bps": 1, "kbps": 1e3, …]`.
  static var units: KeyValuePairs<String, Double> { get }

  /// A valid value for error messages: `"15 Mbps"`.
  static var example: String { get }

  /// The quantity of `magnitude` base units, or nil if the type cannot represent it (negative, too
  /// large).
  init?(magnitude: Double)
}
