/// What a single value of a configuration file may be.
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
