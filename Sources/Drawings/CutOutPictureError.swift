/// Why a file is no picture that can be used, as a sentence that names it.
public struct CutOutPictureError: Error, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
