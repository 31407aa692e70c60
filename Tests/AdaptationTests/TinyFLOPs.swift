/// The operations of the small CLIP's parts, derived by hand: a product of [m, k] and [k, n] has
/// 2 m n k.
///
/// Text: width 24, MLP 40, 2 layers. Vision: width 32, MLP 48, 2 layers, 9 patches of 48
/// numbers and the class token. Projection 20. The heads share the width, so their number
/// does not matter.
enum TinyFLOPs {
  static func imagePatches(_ images: Int) -> Int { 2 * images * 9 * 48 * 32 }

  /// Ten tokens per image.
  static func visionForward(_ images: Int) -> Int {
    imagePatches(images) + 2 * block([Int](repeating: 10, count: images), width: 32, perceptron: 48)
      + 2 * images * 32 * 20
  }

  /// - Parameter lengths: the tokens of each prompt.
  static func textForward(_ lengths: [Int]) -> Int {
    2 * block(lengths, width: 24, perceptron: 40) + 2 * lengths.count * 24 * 20
  }

  /// The attention of both text layers, as part of the forward pass.
  static func textAttention(_ lengths: [Int]) -> Int { 2 * attention(lengths, width: 24) }

  static func logits(_ images: Int, _ prompts: Int) -> Int { 2 * images * prompts * 20 }

  /// The additional forward operations of rank 2 on the output projections of both text layers.
  static func updatesForward(_ lengths: [Int]) -> Int {
    2 * 2 * lengths.reduce(0, +) * (24 * 2 + 2 * 24)
  }

  /// The backward pass of rank 2 on the output projection of both text layers.
  ///
  /// Frozen weights have no gradient, and nothing below the lower layer's output projection runs.
  static func updatesBackward(_ lengths: [Int]) -> Int {
    let rows = lengths.reduce(0, +)
    let throughHead = 2 * lengths.count * 24 * 20
    let throughPerceptron = 2 * rows * (2 * 24 * 40)
    // Gradients of B, of the reduced input and of A.
    let factors = 2 * rows * (24 * 2 + 24 * 2 + 2 * 24)
    // Through W and A, then attention, then query, key and value.
    let throughAttention =
      2 * rows * (24 * 24 + 2 * 24) + attention(lengths, width: 24) * 2 + 3 * 2 * rows * 24 * 24
    return throughHead + 2 * (throughPerceptron + factors) + throughAttention
  }

  /// Four projections, the MLP and attention.
  private static func block(_ lengths: [Int], width: Int, perceptron: Int) -> Int {
    2 * lengths.reduce(0, +) * (4 * width * width + 2 * width * perceptron)
      + attention(lengths, width: width)
  }

  /// Scores and weighted values: twice the square of each length.
  private static func attention(_ lengths: [Int], width: Int) -> Int {
    lengths.reduce(0) { $0 + 4 * $1 * $1 * width }
  }
}
