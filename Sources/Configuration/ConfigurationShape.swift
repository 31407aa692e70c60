/// What is written at a key.
package enum ConfigurationShape: Hashable, Sendable {
  /// The key is left out.
  case absent

  /// The key is there with nothing behind it.
  case missing

  /// A single value, such as `60 GFLOPS`.
  case scalar

  case list

  /// A mapping of keys, such as `{ lognormal: … }`.
  case section
}
