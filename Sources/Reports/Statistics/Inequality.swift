/// How unevenly an amount is spread over clients, of which some have none.
struct Inequality: Equatable {
  /// Zeros included.
  let clients: Int
  /// Clients that have any.
  let holders: Int
  /// G = Σ (2 i - n - 1) x_i / (n Σ x), over the n amounts in rising order: 0 where all have the same, nearly 1 where
  /// one has all.
  let gini: Double
  /// J = (Σ x)² / (n Σ x²): 1 where all have the same, 1/n where one has all (Jain, Chiu and Hawe, 1984).
  let jain: Double
  /// Points of the Lorenz curve: the share of the total that the poorest share of the clients has.
  let lorenz: [DataPoint]

  /// - Parameters:
  ///   - amounts: of the clients that have any, none negative.
  ///   - clients: how many clients there are, no fewer than amounts; the others have none.
  /// - Returns: nil where nobody has anything.
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
