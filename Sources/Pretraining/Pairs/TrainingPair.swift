/// A picture and a sentence about it, to train on.
package struct TrainingPair: Sendable, Equatable {
  /// Red, green and blue of each pixel, rows from top to bottom: size x size x 3 bytes.
  package let pixels: [UInt8]
  package let size: Int
  package let caption: String
}
