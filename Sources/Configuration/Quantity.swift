/// A physical quantity that a configuration file writes as a number and a unit, such as `15 Mbps`.
///
/// A type conforms beside its definition, so that the units it accepts stand next to what it means.
public protocol Quantity: Sendable {
  /// What the quantity is, with its article, as an error message says it: `"a data rate"`.
  static var noun: String { get }

  /// The accepted units and how many base units each is: `["bps": 1, "kbps": 1e3, …]`.
  static var units: KeyValuePairs<String, Double> { get }

  /// A well-formed value to show in error messages: `"15 Mbps"`.
  static var example: String { get }

  /// The quantity of `magnitude` base units, or nil where the type cannot hold it (negative, too large).
  init?(magnitude: Double)
}
