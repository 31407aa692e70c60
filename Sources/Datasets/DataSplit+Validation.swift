import Randomness

extension DataSplit {
  /// A simple random sample of a tenth of the train samples for choosing hyperparameters, so that
  /// the choice uses no test sample.
  ///
  /// - Returns: sample indices in drawing order, so that every prefix is a random sample too.
  public func validationPart(seed: UInt64) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: "validation part")
    return stream.permutation(trainIndices.count).prefix((trainIndices.count + 9) / 10)
      .map { trainIndices[$0] }
  }

  /// The split that tests on the validation part and trains on the rest of the train part.
  public func testingOnValidation(seed: UInt64) -> DataSplit {
    let validation = Set(validationPart(seed: seed))
    return DataSplit(
      trainIndices: trainIndices.filter { !validation.contains($0) },
      testIndices: validation.sorted())
  }
}
