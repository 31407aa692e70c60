import Randomness

/// Which samples the clients train on, and which are the test set that all of them share.
///
/// The parts of the data set are merged and a fifth is drawn for the test set, plainly at random and
/// not class by class, as the code published with arXiv 2404.15182 does: Fashion-MNIST gives 14,000
/// test and 56,000 train samples. Either side can then be cut to a class-balanced subset.
public struct DataSplit: Sendable, Equatable {
  /// Indices of the samples to train on, ascending.
  public let trainIndices: [Int]

  /// Indices of the samples to test on, ascending; none is a train sample.
  public let testIndices: [Int]

  init(trainIndices: [Int], testIndices: [Int]) {
    self.trainIndices = trainIndices
    self.testIndices = testIndices
  }

  /// Draws a split that depends on nothing but the labels and these numbers.
  ///
  /// The size of one subset does not change the other, nor which samples are for testing.
  ///
  /// - Parameters:
  ///   - dataset: at least two samples; a fifth of them, rounded up, is the test set.
  ///   - trainSamples: how many train samples to keep, their classes differing in number by at most
  ///     one; nil keeps all as they were drawn.
  ///   - testSamples: the same for the test samples.
  ///   - seed: the run's seed.
  /// - Throws: `DatasetError` where there are fewer samples than asked for, in all or in a class.
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
