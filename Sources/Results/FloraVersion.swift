/// The version of this package, and its compiler.
package enum FloraVersion {
  package static let current = "0.2.0"

  static var compiler: String {
    #if swift(>=6.4)
      "6.4 or later"
    #elseif swift(>=6.3)
      "6.3"
    #else
      "before 6.3"
    #endif
  }
}
