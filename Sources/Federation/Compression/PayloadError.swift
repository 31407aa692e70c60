/// Why numbers cannot be encoded, or a payload cannot be decoded.
public enum PayloadError: Error, Equatable, CustomStringConvertible {
  case length(Int, expected: Int, numbers: Int)
  case notFinite(index: Int)
  case scale(block: Int)
  case level(index: Int)
  case positions(kept: Int)

  public var description: String {
    switch self {
    case .length(let bytes, let expected, let numbers):
      "a payload of \(numbers) numbers has \(expected) bytes, but this one has \(bytes)"
    case .notFinite(let index):
      "number \(index) of an update is NaN or infinite and cannot be sent"
    case .scale(let block):
      "the scale of block \(block) of a payload is negative or not finite"
    case .level(let index):
      "number \(index) of a payload is -128, where levels run from -127 to 127"
    case .positions(let kept):
      "a payload does not name \(kept) different positions of its vector in ascending order"
    }
  }
}
