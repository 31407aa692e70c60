/// The inequality of an amount's distribution over clients, some of which have none.
struct Inequality: Equatable {
  /// Including those with zero.
  let clients: Int
  /// The number of clients with a non-zero amount.
  let holders: Int
  /// G = Σ (2 i - n - 1) x_i / (n Σ x), over the n amounts in ascending order: 0 if all are equal,
  /// nearly 1 if one client has everything.
  let gini: Double
  /// J = (Σ x)² / (n Σ x²): 1 if all are equal, 1/n if one client has everything (Jain, Chiu and
  /// Hawe, 1984).
  let jain: Double
  /// Points of the Lorenz curve: the share of the total held by the poorest share of the clients.
  let lorenz: [DataPoint]

  /// - Parameters:
  ///   - amounts: the amounts of the clients that have any; non-negative.
  ///   - clients: the total number of clients, at least the number of amounts; the others have
  ///     zero.
  /// - Returns: nil if all clients have zero.
  init?(_ amounts: [Double], clients: Int) {
    let sorted = amounts.filter { $0 > 0 }.sorted()
    let total = sorted.reduce(0, +)
    guard total > 0 else { return nil }
    let count = Double(clients)
    let zeros = clients - sorted.count
    var weighted = 0.0
    var squares = 0.0
    var sum = 0.0
    var curve = [DataPoint(x: 0, y: 0)]
    if zeros > 0 { curve.append(DataPoint(x: Double(zeros) / count, y: 0)) }
    for (index, amount) in sorted.enumerated() {
      weighted += (2 * Double(zeros + index + 1) - count - 1) * amount
      squares += amount * amount
      sum += amount
      curve.append(DataPoint(x: Double(zeros + index + 1) / count, y: sum / total))
    }
    self.clients = clients
    holders = sorted.count
    gini = weighted / (count * total)
    jain = total * total / (count * squares)
    lorenz = curve
  }
}
