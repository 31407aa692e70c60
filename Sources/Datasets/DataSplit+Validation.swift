import Randomness

extension DataSplit {
  /// A tenth of the train samples, plainly drawn: what hyper-parameters are chosen on, so that no test
  /// sample plays a part in the choice.
  ///
  /// - Returns: sample indices in the order of the draw, so that each beginning of it is a random
  ///   sample as well.
  public func validationPart(seed: UInt64) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: "validation part")
    return stream.permutation(trainIndices.count).prefix((trainIndices.count + 9) / 10)
      .map { trainIndices[$0] }
  }

  /// The split whose test samples are the validation part, and whose train samples are the others of
  /// the train part.
  public func testingOnValidation(seed: UInt64) -> DataSplit {
    let validation = Set(validationPart(seed: seed))
    return DataSplit(
      trainIndices: trainIndices.filter { !validation.contains($0) },
      testIndices: validation.sorted())
  }
}
