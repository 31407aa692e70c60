/// A benchmark case, with the same name as its Python counterparts.
struct Case: Sendable {
  /// The benchmark, such as `flora/nano`.
  let benchmark: String
  /// The implementation, such as `flora`, or `flora without shared prefixes`.
  let implementation: String
  /// Prepares once, and measures the given number of repeats.
  let measure: @Sendable (_ repeats: Int) -> [Sample]
}
