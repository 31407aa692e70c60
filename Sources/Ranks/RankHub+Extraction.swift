import Adaptation
import Tensors

extension RankHub {
  /// Starts to compute the image features of batches of samples on any free rank.
  ///
  /// - Parameter local: computes them on this rank.
  /// - Returns: the rows, [samples, width + 1], in the order of the batches.
  package func extract(
    _ form: BaseForm, _ batches: [[Int]], local: @escaping @Sendable () -> PendingResult<[Float]>
  ) -> PendingResult<[Float]> {
    let pending = PendingResult<[Float]>()
    submit(
      Work(
        needs: [], model: nil,
        begin: { _, done in
          local().then {
            pending.fulfil($0)
            done()
          }
        }, order: { _, _ in .extract(form, batches) },
        finish: { _, answer in
          if case .features(let rows) = answer { pending.fulfil(rows) }
        }))
    return pending
  }
}
