/// A picture with its caption for training.
package struct TrainingPair: Sendable, Equatable {
  /// The red, green and blue of each pixel, rows from top to bottom: size x size x 3 bytes.
  package let pixels: [UInt8]
  package let size: Int
  package let caption: String
}
