/// What to do with the checkpoint of an interrupted run.
package enum Resumption: Sendable {
  /// Starts from scratch, and reports what it replaces.
  case never
  /// Resumes from a matching checkpoint, and replaces any other.
  case wherePossible
  /// Resumes; rejects a checkpoint that does not match, and a finished run with other inputs.
  case required
}
