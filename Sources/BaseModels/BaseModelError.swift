/// Why a folder is no base that can be used, as a sentence that names it.
package struct BaseModelError: Error, Equatable, CustomStringConvertible {
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}
