/// Why a payload cannot be decoded.
public struct PayloadError: Error, Equatable, CustomStringConvertible {
  public let byteCount: Int

  public var description: String {
    "a payload of \(byteCount) bytes does not hold whole float32 numbers"
  }
}
