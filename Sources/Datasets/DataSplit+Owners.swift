extension DataSplit {
  /// The split with a train sample for every owner: an owner that has only test samples gets the
  /// first of them back as a train sample.
  package func leavingEachOwnerATrainSample(_ owners: ImageDataset.Owners) -> DataSplit {
    var hasTrainSample = [Bool](repeating: false, count: owners.names.count)
    for sample in trainIndices { hasTrainSample[Int(owners.ofSamples[sample])] = true }
    var moved: [Int] = []
    for sample in testIndices where !hasTrainSample[Int(owners.ofSamples[sample])] {
      hasTrainSample[Int(owners.ofSamples[sample])] = true
      moved.append(sample)
    }
    guard !moved.isEmpty else { return self }
    let back = Set(moved)
    return DataSplit(
      trainIndices: (trainIndices + moved).sorted(),
      testIndices: testIndices.filter { !back.contains($0) })
  }
}
