import Randomness

extension Partition {
  static func pathological(
    _ byClass: [[Int]], _ classesPerClient: Int, _ clients: Int, _ seed: UInt64
  ) throws(DatasetError) -> [[Int]] {
    let present = byClass.count { !$0.isEmpty }
    guard classesPerClient <= present else {
      throw DatasetError(
        "`classes_per_client` is \(classesPerClient), but the train samples have \(present) classes; "
          + "give at most that.")
    }
    var stream = RandomStream(seed: seed, purpose: "pathological partition")
    let holders = try holderCounts(byClass.map(\.count), classesPerClient, clients, &stream)
    let classes = classesOfClients(holders, classesPerClient, clients, &stream)
    return split(byClass, classes, clients, &stream)
  }

  /// The number of clients that hold each class, with the sum `clients * classesPerClient`.
  ///
  /// Assigns holders in rounds, one to each class that has a sample left for another holder, so
  /// that no class gets a second holder before every class has its first.
  private static func holderCounts(
    _ available: [Int], _ classesPerClient: Int, _ clients: Int, _ stream: inout RandomStream
  ) throws(DatasetError) -> [Int] {
    let most = available.map { min($0, clients) }
    var holders = most.map { _ in 0 }
    var places = clients * classesPerClient
    guard places <= most.reduce(0, +) else {
      throw DatasetError(
        "There are too few train samples for \(clients) clients of \(classesPerClient) classes each; "
          + "use fewer clients, fewer `classes_per_client` or more samples.")
    }
    while places > 0 {
      let open = stream.shuffled(holders.indices.filter { holders[$0] < most[$0] })
      for label in open.prefix(places) { holders[label] += 1 }
      places -= min(places, open.count)
    }
    return holders
  }

  /// The classes of each client: [clients][classesPerClient], distinct within a client.
  ///
  /// Each client in turn takes the classes that need the most holders, with random tie-breaking.
  /// This always succeeds (Gale, "A theorem on flows in networks", 1957): no class needs more
  /// holders than there are clients left.
  private static func classesOfClients(
    _ holders: [Int], _ classesPerClient: Int, _ clients: Int, _ stream: inout RandomStream
  ) -> [[Int]] {
    var lacking = holders
    return (0..<clients).map { _ in
      let order = stream.permutation(lacking.count)
      let rank = order.indices.sorted {
        (lacking[order[$1]], $0) < (lacking[order[$0]], $1)
      }
      let chosen = rank.prefix(classesPerClient).map { order[$0] }
      for label in chosen { lacking[label] -= 1 }
      return chosen
    }
  }

  private static func split(
    _ byClass: [[Int]], _ classes: [[Int]], _ clients: Int, _ stream: inout RandomStream
  ) -> [[Int]] {
    var holders = [[Int]](repeating: [], count: byClass.count)
    for (client, held) in classes.enumerated() {
      for label in held { holders[label].append(client) }
    }
    var shards = [[Int]](repeating: [], count: clients)
    for (members, holders) in zip(byClass, holders) {
      let parts = evenParts(of: stream.shuffled(members), holders.count)
      for (client, part) in zip(stream.shuffled(holders), parts) { shards[client] += part }
    }
    return shards
  }
}
