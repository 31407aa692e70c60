/// An entry of a protocol: a method, in a sweep with the values of the swept keys, over the seeds.
struct ProtocolEntry {
  /// The values of the swept keys except the seed.
  let values: [String]
  let method: String
  /// The tested versions of each seed's run.
  let runs: [[RoundRow]]

  var name: String { (values + [method]).joined(separator: " · ") }

  /// A resource, summed over all devices.
  enum Resource: CaseIterable {
    case bytes, time, energy

    var title: String {
      switch self {
      case .bytes: "bytes"
      case .time: "virtual time"
      case .energy: "device energy"
      }
    }

    var quantity: Quantity {
      switch self {
      case .bytes: .bytes
      case .time: .seconds
      case .energy: .joules
      }
    }

    /// The cumulative amount at each version of a run; nil if unknown.
    func spent(_ rounds: [RoundRow]) -> [Double]? {
      switch self {
      case .bytes: return rounds.map { Double($0.cumulativeBytes) }
      case .time: return rounds.map(\.seconds)
      case .energy:
        guard rounds.contains(where: { $0.energy != nil }) else { return nil }
        var sum = 0.0
        return rounds.map { row in
          sum += row.energy ?? 0
          return sum
        }
      }
    }
  }

  /// The mean of a value over the seeds; nil if a run does not have it.
  func mean(_ value: ([RoundRow]) -> Double?) -> Double? {
    let values = runs.map(value)
    guard !values.isEmpty, values.allSatisfy({ $0 != nil }) else { return nil }
    return values.reduce(0) { $0 + $1! } / Double(values.count)
  }

  /// The total amount of a resource.
  func total(_ resource: Resource) -> Double? { mean { resource.spent($0)?.last } }

  /// The accuracy of the last tested version created within a budget.
  func accuracy(within budget: Double, of resource: Resource) -> Double? {
    mean { rounds in
      guard let spent = resource.spent(rounds) else { return nil }
      return zip(rounds, spent).filter { $1 <= budget && $0.accuracy != nil }.last?.0.accuracy
    }
  }

  /// The cost until the first tested version that reaches an accuracy.
  func cost(of resource: Resource, to target: Double) -> Double? {
    mean { rounds in
      guard let spent = resource.spent(rounds) else { return nil }
      return zip(rounds, spent).first { ($0.0.accuracy ?? -1) >= target }?.1
    }
  }

  var bestAccuracy: Double? { mean { $0.compactMap(\.accuracy).max() } }
  var finalAccuracy: Double? { mean { $0.last?.accuracy } }

  /// A share of all selected tasks.
  func share(_ count: (RoundRow) -> Int) -> Double? {
    mean { rounds in
      let selected = rounds.reduce(0) { $0 + $1.selected }
      return selected > 0 ? Double(rounds.reduce(0) { $0 + count($1) }) / Double(selected) : nil
    }
  }

  var wastedShare: Double? {
    mean { rounds in
      let all = rounds.last.map { Double($0.cumulativeBytes) } ?? 0
      return all > 0 ? Double(rounds.reduce(0) { $0 + $1.wastedBytes }) / all : nil
    }
  }
}
