/// Why a folder is no corpus that can be used, as a sentence that names what is wrong.
package struct PictureCorpusError: Error, Equatable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
