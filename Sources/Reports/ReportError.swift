/// What is wrong with a folder of results, or with one of its tables.
///
/// The description is one sentence for the person who named the folder: it names the file, the line where there
/// is one, and what to do about it.
package struct ReportError: Error, Equatable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
