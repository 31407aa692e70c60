/// The error of a run that stopped on request.
package struct RunInterruption: Error, CustomStringConvertible {
  /// Where it stopped and how to resume, as a sentence.
  package let description: String
}
