/// What a run does with the checkpoint of one that was interrupted.
package enum Resumption: Sendable {
  /// Starts anew, and says what it replaces.
  case never
  /// Goes on from one that is its own, and replaces others.
  case wherePossible
  /// Goes on; one that is not its own is refused, and so is a finished run of something else.
  case required
}
