import Datasets

/// The samples of each client.
package enum Shards: Sendable {
  /// Every train sample assigned once, by client.
  case assigned([[Int]])
  /// Each client draws its own samples by its id.
  case drawn(ResampledShards)

  /// The indices of a client's samples, ascending if each was assigned once.
  package subscript(client: Int) -> [Int] {
    switch self {
    case .assigned(let shards): shards[client]
    case .drawn(let shards): shards.samples(of: client)
    }
  }

  /// The number of a client's samples. O(1).
  func count(of client: Int) -> Int {
    switch self {
    case .assigned(let shards): shards[client].count
    case .drawn(let shards): shards.count(of: client)
    }
  }
}
