/// Something that is measured, under the name that its twins in Python share.
struct Case: Sendable {
  /// What is done, such as `flora/nano`.
  let benchmark: String
  /// Who does it, such as `flora`, or `flora without shared prefixes`.
  let implementation: String
  /// Prepares once, and measures so many times.
  let measure: @Sendable (_ repeats: Int) -> [Sample]
}
