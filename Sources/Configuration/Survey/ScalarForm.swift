/// The form of a single value in a configuration file.
package enum ScalarForm: Hashable, Sendable {
  case text
  case boolean
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  /// One of these words.
  case choice([String])
  /// A number with one of these units.
  case quantity(units: [String], allowsZero: Bool)
}
