/// What part of a batch's loss a piece of the batch has.
struct LossShare {
  /// The piece's images over the batch's: what the piece's mean loss counts.
  let weight: Float
  /// Whether nothing has been added yet to the gradients that the pieces share.
  let isFirst: Bool

  static let whole = LossShare(weight: 1, isFirst: true)
}
