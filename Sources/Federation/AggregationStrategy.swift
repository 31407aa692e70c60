/// How the server turns updates into its next version.
public protocol AggregationStrategy: Sendable {
  /// Takes one update in, in the order of arrival; the update can be freed afterwards.
  ///
  /// - Throws: `PayloadError` where the payload is no vector of whole numbers.
  mutating func accumulate(_ update: ClientUpdate) throws(PayloadError)

  /// The next version of the parameters; without any update since the last, the same version.
  mutating func finish(_ version: [Float]) -> [Float]
}
