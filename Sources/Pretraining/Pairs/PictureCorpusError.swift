/// Why a folder is not a usable corpus, as a sentence that names the problem.
package struct PictureCorpusError: Error, Equatable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
