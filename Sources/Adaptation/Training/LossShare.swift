/// The share of a micro-batch in its batch's loss.
struct LossShare {
  /// The weight of the micro-batch's mean loss: its number of images divided by the batch's.
  let weight: Float
  /// Whether the micro-batches' shared gradients are still empty.
  let isFirst: Bool

  static let whole = LossShare(weight: 1, isFirst: true)
}
