/// Why a file is not a usable picture, as a sentence that names it.
public struct CutOutPictureError: Error, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
