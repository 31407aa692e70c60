import Randomness

/// A split into the samples that clients train on and a shared test set.
///
/// The parts of the data set are merged, and a fifth is drawn for the test set by simple random
/// sampling, not per class, as in the code published with arXiv 2404.15182: Fashion-MNIST gives
/// 14,000 test and 56,000 train samples. Either side can then be reduced to a class-balanced
/// subset.
public struct DataSplit: Sendable, Equatable {
  /// The indices of the train samples, ascending.
  public let trainIndices: [Int]

  /// The indices of the test samples, ascending and disjoint from the train samples.
  public let testIndices: [Int]

  init(trainIndices: [Int], testIndices: [Int]) {
    self.trainIndices = trainIndices
    self.testIndices = testIndices
  }

  /// Draws a split that depends only on the labels and these numbers.
  ///
  /// The size of one subset affects neither the other subset nor which samples are test samples.
  ///
  /// - Parameters:
  ///   - dataset: at least two samples; a fifth of them, rounded up, is the test set.
  ///   - trainSamples: the number of train samples to keep, with class counts that differ by at
  ///     most one; nil keeps all as drawn.
  ///   - testSamples: the same for the test samples.
  ///   - seed: the run's seed.
  /// - Throws: `DatasetError` if there are fewer samples than requested, in total or in a class.
  public init(
    _ dataset: ImageDataset, trainSamples: Int? = nil, testSamples: Int? = nil, seed: UInt64
  ) throws(DatasetError) {
    guard dataset.count >= 2 else {
      throw DatasetError(
        "The data set \(dataset.name) has fewer than two images, too few for a train and a test "
          + "set; add some.")
    }
    var stream = RandomStream(seed: seed, purpose: "test set")
    let order = stream.permutation(dataset.count)
    let testCount = (dataset.count + 4) / 5
    let test = ClassBalancedSubset(
      samples: order[..<testCount].sorted(), setting: "test_samples", side: "test",
      dataset: dataset)
    let train = ClassBalancedSubset(
      samples: order[testCount...].sorted(), setting: "train_samples", side: "train",
      dataset: dataset)
    testIndices = try test.indices(
      count: testSamples, using: RandomStream(seed: seed, purpose: "test subset"))
    trainIndices = try train.indices(
      count: trainSamples, using: RandomStream(seed: seed, purpose: "train subset"))
  }
}
