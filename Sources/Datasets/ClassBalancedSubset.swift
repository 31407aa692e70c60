import Randomness

/// A random subset of one side of a split with equally many samples per class, give or take one.
struct ClassBalancedSubset {
  let samples: [Int]

  /// The scenario key that requests the subset, below `data`.
  let setting: String

  /// The side in the words of an error message: `train` or `test`.
  let side: String

  let dataset: ImageDataset

  /// `count` of the samples, ascending; all of them if it is nil.
  ///
  /// If `count` is not a multiple of the number of classes, the classes with one more sample are
  /// drawn at random among those that have it.
  ///
  /// - Throws: `DatasetError` if `count` is not positive or there are too few samples.
  func indices(count: Int?, using stream: RandomStream) throws(DatasetError) -> [Int] {
    guard let count else { return samples }
    var stream = stream
    let byClass = samplesByClass(samples, dataset.labels, dataset.classNames.count)
    let quotas = try quotas(byClass.map(\.count), count, &stream)
    var chosen: [Int] = []
    for (members, quota) in zip(byClass, quotas) {
      chosen += stream.sample(quota, from: members.count).map { members[$0] }
    }
    return chosen.sorted()
  }

  private func quotas(
    _ available: [Int], _ count: Int, _ stream: inout RandomStream
  ) throws(DatasetError) -> [Int] {
    guard count > 0 else {
      throw DatasetError("`data.\(setting)` is \(count); give a positive number, or omit it.")
    }
    guard count <= samples.count else {
      throw DatasetError(
        "`data.\(setting)` is \(count), but \(dataset.name) has \(samples.count) \(side) samples; "
          + "give at most that, or omit it to use all.")
    }
    let (quota, rest) = count.quotientAndRemainder(dividingBy: available.count)
    let withOneMore = stream.shuffled(available.indices.filter { available[$0] > quota })
    guard let scarcest = available.indices.min(by: { available[$0] < available[$1] }),
      available[scarcest] >= quota, withOneMore.count >= rest
    else { throw tooFew(available, count) }
    var quotas = available.map { _ in quota }
    for label in withOneMore.prefix(rest) { quotas[label] += 1 }
    return quotas
  }

  private func tooFew(_ available: [Int], _ count: Int) -> DatasetError {
    let least = available.min() ?? 0
    let scarcest = available.firstIndex(of: least) ?? 0
    let largest = least * available.count + available.count { $0 > least }
    return DatasetError(
      "`data.\(setting)` is \(count), but the class \(dataset.classNames[scarcest]) has only "
        + "\(least) \(side) samples; give at most \(largest), or omit it to use all.")
  }
}
