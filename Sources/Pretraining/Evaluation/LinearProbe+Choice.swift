import Tensors

extension LinearProbe {
  /// A probe whose penalty was chosen on a validation part.
  struct Choice: Sendable {
    let probe: LinearProbe
    let penalty: Double
    /// The validation accuracy of the probe that was fitted on the train part only.
    let validationAccuracy: Double
  }

  /// Penalties from negligible to too strong.
  private static let penalties = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]

  /// Fits on `train` with each penalty, chooses the best on `validation`, and refits on both.
  static func choosing(
    train: Sample, validation: Sample, classes: Int, on pool: WorkerPool
  ) -> Choice {
    let scores = penalties.map { penalty in
      LinearProbe(train, classes: classes, penalty: penalty, on: pool)
        .accuracy(validation, on: pool)
    }
    let best = scores.firstIndex(of: scores.max()!)!
    let all = Sample(
      features: train.features + validation.features, labels: train.labels + validation.labels,
      width: train.width)
    return Choice(
      probe: LinearProbe(all, classes: classes, penalty: penalties[best], on: pool),
      penalty: penalties[best], validationAccuracy: scores[best])
  }
}
