/// An error in a results folder, or in one of its tables.
///
/// The description is one sentence for the user: it names the file, the line if known, and what to
/// do about it.
package struct ReportError: Error, Equatable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
