/// A picture and a sentence about it, to train on.
struct TrainingPair: Sendable, Equatable {
  /// Red, green and blue of each pixel, rows from top to bottom: size x size x 3 bytes.
  let pixels: [UInt8]
  let size: Int
  let caption: String
}
