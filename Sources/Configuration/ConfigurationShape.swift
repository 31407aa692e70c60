/// The shape of the value at a key.
package enum ConfigurationShape: Hashable, Sendable {
  /// The key is omitted.
  case absent

  /// The key is present without a value.
  case missing

  /// A single value, such as `60 GFLOPS`.
  case scalar

  case list

  /// A mapping of keys, such as `{ lognormal: … }`.
  case section
}
