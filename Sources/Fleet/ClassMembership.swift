/// Assigns devices to classes pseudo-randomly, with the right number of devices in every class.
///
/// A `StratifiedSplit` separates the first class from all ids, the next one separates the second
/// class from the remaining ids, and so on. A device's class depends only on the seed, the shares
/// and its id, so adding devices changes no other device's class. Among the first n devices, for
/// every n, the size of the first class is within one of its exact share. Every further class adds
/// at most one to that. If all exact sizes are whole numbers, as with 50 devices and shares of 0.2
/// and 0.8, all classes have them.
struct ClassMembership: Sendable {
  private let steps: [Step]
  private let lastClass: Int

  /// One step: `split` separates the class from all later ones.
  private struct Step {
    var classIndex: Int
    var split: StratifiedSplit
  }

  /// - Parameter shares: a share per class, with a positive sum, to which they are normalised.
  init(shares: [Double], seed: UInt64) {
    let populated = shares.indices.filter { shares[$0] > 0 }
    guard let last = populated.last else {
      preconditionFailure("at least one class needs a positive share")
    }
    lastClass = last
    steps = populated.dropLast().enumerated().map { place, classIndex in
      let others = populated[(place + 1)...].reduce(0) { $0 + shares[$1] }
      let split = StratifiedSplit(
        members: shares[classIndex], others: others, seed: seed, number: classIndex)
      return Step(classIndex: classIndex, split: split)
    }
  }

  /// The class of a device. O(number of classes).
  func classIndex(of id: Int) -> Int {
    var rank = id
    for step in steps {
      if step.split.contains(rank) { return step.classIndex }
      rank -= step.split.memberCount(before: rank)
    }
    return lastClass
  }

  /// The number of devices among 0..<count that belong to a class. O(number of classes).
  func memberCount(ofClass classIndex: Int, among count: Int) -> Int {
    var left = count
    for step in steps {
      let members = step.split.memberCount(before: left)
      if step.classIndex == classIndex { return members }
      left -= members
    }
    return classIndex == lastClass ? left : 0
  }
}
