/// A run has stopped because it was asked to.
package struct RunInterruption: Error, CustomStringConvertible {
  /// Where it stopped, and how to go on, as a sentence.
  package let description: String
}
