/// A drawn picture with a true caption.
public struct DrawnPair: Sendable, Equatable {
  /// The red, green and blue of each pixel, rows from top to bottom: size x size x 3 bytes.
  public let pixels: [UInt8]
  /// The side of the picture in pixels.
  public let size: Int
  public let caption: String
  public let kind: DrawingKind

  public init(pixels: [UInt8], size: Int, caption: String, kind: DrawingKind) {
    precondition(pixels.count == size * size * 3, "a picture has three bytes a pixel")
    self.pixels = pixels
    self.size = size
    self.caption = caption
    self.kind = kind
  }

  /// The index of the kind among all kinds; 0 to 9 are Fashion-MNIST's labels.
  public var label: Int { kind.rawValue }
}
