import Randomness

extension Partition {
  static func fewShot(
    _ byClass: [[Int]], _ shots: Int, _ clients: Int, without absent: Set<Int>, _ seed: UInt64
  ) throws(DatasetError) -> [[Int]] {
    try checkShots(byClass, shots, clients, without: absent)
    var shards = [[Int]](repeating: [], count: clients)
    for (label, members) in byClass.enumerated() where !absent.contains(label) {
      var stream = RandomStream(seed: seed, purpose: "few-shot partition", label)
      let order = stream.shuffled(members)
      for client in 0..<clients {
        shards[client] += order[(client * shots)..<((client + 1) * shots)]
      }
    }
    return shards
  }

  private static func checkShots(
    _ byClass: [[Int]], _ shots: Int, _ clients: Int, without absent: Set<Int>
  ) throws(DatasetError) {
    let present = byClass.indices.filter { !absent.contains($0) }
    let scarcest = present.min { byClass[$0].count < byClass[$1].count } ?? 0
    let least = present.isEmpty ? 0 : byClass[scarcest].count
    let largest = least / clients
    guard shots > largest else { return }
    let suggestion =
      switch (least, largest) {
      case (0, _): "use more of them"
      case (_, 0): "use at most \(least) clients, or more train samples"
      default: "give at most \(largest)"
      }
    throw DatasetError(
      "`shots` is \(shots), but class \(scarcest) has only \(least) train samples for \(clients) "
        + "clients; \(suggestion).")
  }
}
