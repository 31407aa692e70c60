import Datasets

/// The samples of each client.
package enum Shards: Sendable {
  /// Every train sample handed out once, by client.
  case assigned([[Int]])
  /// Each client draws its own, by its number.
  case drawn(ResampledShards)

  /// The indices of a client's samples, ascending where each was handed out once.
  package subscript(client: Int) -> [Int] {
    switch self {
    case .assigned(let shards): shards[client]
    case .drawn(let shards): shards.samples(of: client)
    }
  }

  /// How many samples a client has. O(1).
  func count(of client: Int) -> Int {
    switch self {
    case .assigned(let shards): shards[client].count
    case .drawn(let shards): shards.count(of: client)
    }
  }
}
