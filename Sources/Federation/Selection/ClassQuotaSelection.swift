/// Selects a fixed share of the cohort from each device class, taking the first candidates of each.
///
/// If a class has too few candidates, its slots in a cohort stay empty. If slots are filled
/// continuously, they go to the classes that are available, so that the shares refer to all slots
/// so far.
public struct ClassQuotaSelection: SelectionPolicy {
  /// The share of each class by index; none negative.
  public let parts: [Double]
  /// The number of devices of each class picked for continuously filled slots.
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

  /// Assigns each slot to the class with candidates that is farthest behind its share of all slots
  /// so far; ties go to the lower class.
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

  /// Whole numbers of slots per class that add up to `size`, by the largest remainder method; ties
  /// go to the lower class.
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
