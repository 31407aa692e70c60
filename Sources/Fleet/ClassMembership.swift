/// Which device belongs to which class: pseudo-random, but with the right number in every class.
///
/// The first class is split off from all ids by a `StratifiedSplit`, the second from the ids that are
/// left, and so on. The class of a device depends on the seed, the shares and its id alone, so adding
/// devices changes no other device's class. Among the first n devices, for every n, the first class
/// has its exact number within one. Every further class adds at most one to that, and where all the
/// exact numbers are whole, as with 50 devices and shares of 0.2 and 0.8, all classes have them.
struct ClassMembership: Sendable {
  private let steps: [Step]
  private let lastClass: Int

  /// One rung of the ladder: `split` parts the class from all that come after it.
  private struct Step {
    var classIndex: Int
    var split: StratifiedSplit
  }

  /// - Parameter shares: a share for each class, with a positive sum, to which they are scaled.
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

  /// How many of the devices 0..<count belong to a class. O(number of classes).
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
