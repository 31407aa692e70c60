/// A fixed part of the cohort from each device class, the first candidates of each.
///
/// A class that has too few candidates leaves its places in a cohort empty. Where places are filled one after the
/// other, they go to the classes that are there, so that the parts are those of all places so far.
public struct ClassQuotaSelection: SelectionPolicy {
  /// The part of each class, by its index; none negative.
  public let parts: [Double]
  /// Devices of each class that were picked for places filled one after the other.
  private var picked: [Int]

  public init(parts: [Double]) {
    precondition(parts.allSatisfy { $0 >= 0 && $0.isFinite } && parts.contains { $0 > 0 })
    self.parts = parts
    picked = parts.map { _ in 0 }
  }

  public mutating func select(
    _ request: SelectionRequest, among candidates: some Sequence<some SelectionCandidate>
  ) -> [Int] {
    if request.isStream { return fill(request.size, among: candidates) }
    var places = quotas(of: request.size)
    var open = places.reduce(0, +)
    guard open > 0 else { return [] }
    var cohort: [Int] = []
    for candidate in candidates {
      let deviceClass = candidate.deviceClass
      guard places.indices.contains(deviceClass), places[deviceClass] > 0 else { continue }
      places[deviceClass] -= 1
      cohort.append(candidate.id)
      open -= 1
      if open == 0 { break }
    }
    return cohort.sorted()
  }

  /// Gives each place to the class that is farthest behind its part of all places so far, of those that have a
  /// candidate left; of equals the lower class has it.
  private mutating func fill(
    _ size: Int, among candidates: some Sequence<some SelectionCandidate>
  ) -> [Int] {
    var waiting = parts.map { _ in [Int]() }
    for candidate in candidates where parts.indices.contains(candidate.deviceClass) {
      waiting[candidate.deviceClass].append(candidate.id)
    }
    for index in waiting.indices { waiting[index].reverse() }
    let total = parts.reduce(0, +)
    var chosen: [Int] = []
    while chosen.count < size {
      let places = Double(picked.reduce(1, +))
      let open = parts.indices.filter { parts[$0] > 0 && !waiting[$0].isEmpty }
      func lag(_ index: Int) -> Double { places * parts[index] / total - Double(picked[index]) }
      guard let next = open.max(by: { (lag($0), $1) < (lag($1), $0) }) else { break }
      picked[next] += 1
      chosen.append(waiting[next].removeLast())
    }
    return chosen.sorted()
  }

  /// Whole places for each class that add up to `size`, by the method of largest remainders; of equal
  /// remainders the lower class has the place.
  func quotas(of size: Int) -> [Int] {
    let total = parts.reduce(0, +)
    let exact = parts.map { Double(size) * $0 / total }
    var places = exact.map { Int($0) }
    let remainders = places.indices.sorted {
      (exact[$1] - Double(places[$1]), $0) < (exact[$0] - Double(places[$0]), $1)
    }
    for index in remainders.prefix(max(0, size - places.reduce(0, +))) { places[index] += 1 }
    return places
  }
}
