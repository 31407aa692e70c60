import Foundation
import Ranks
import Synchronization

@testable import FederatedSimulation
@testable import Results
@testable import Scenario

/// Ranks that are threads of this process: all but MPI is as in a run of several processes, the bytes of messages
/// among it.
final class LocalRanks {
  let hub: RankHub
  /// What each rank says that it has read; the first is the hub's.
  private let fault = Mutex<RankFault?>(nil)

  /// - Parameters:
  ///   - workers: of each rank; as many ranks as there are numbers.
  ///   - leastSpread: the number of parameters from which clients' changes stay on their ranks.
  ///   - sweeps: what each rank but the first has read.
  init(
    workers: [Int], leastSpread: Int = RankHub.leastSpread,
    sweeps: (_ rank: Int) -> Result<ScenarioSweep, any Error>
  ) throws {
    let exchange = LocalExchange(count: workers.count)
    let posts = workers.indices.map { rank in
      RankPost { LocalLink(rank: rank, exchange) }
    }
    hub = RankHub(
      posts[0], count: workers.count, workers: workers[0], leastSpread: leastSpread
    ) { fault in
      fatalError("\(fault)")
    }
    for rank in workers.indices.dropFirst() {
      // As a process that leaves, its post hears of no rank anymore.
      let worker = RankWorker(posts[rank], sweeps(rank), workers: workers[rank], cache: nil) {
        _ in
        posts[rank].end(within: 0)
      } fail: { fault in
        fatalError("\(fault)")
      }
      Thread { worker.serve() }.start()
    }
  }

  deinit { hub.leave(0, within: 0.1) }

  /// - Parameter allowsDifferentKernels: whether ranks with other kernels may take part.
  func share(allowsDifferentKernels: Bool = false) -> RankShare {
    RankShare(hub, allowsDifferentKernels: allowsDifferentKernels)
  }
}

/// Where parcels of ranks in one process lie.
private final class LocalExchange: Sendable {
  let count: Int
  private let boxes: Mutex<[[(source: Int, parcel: Parcel)]]>

  init(count: Int) {
    self.count = count
    boxes = Mutex([[(source: Int, parcel: Parcel)]](repeating: [], count: count))
  }

  func put(_ parcel: Parcel, from source: Int, to rank: Int) {
    boxes.withLock { $0[rank].append((source, parcel)) }
  }

  func take(_ rank: Int) -> [(source: Int, parcel: Parcel)] {
    boxes.withLock { boxes in
      defer { boxes[rank] = [] }
      return boxes[rank]
    }
  }
}

private final class LocalLink: RankLink {
  let rank: Int
  let count: Int
  private let exchange: LocalExchange

  init(rank: Int, _ exchange: LocalExchange) {
    self.rank = rank
    self.exchange = exchange
    count = exchange.count
  }

  func send(_ parcel: Parcel, to rank: Int) { exchange.put(parcel, from: self.rank, to: rank) }

  func receive() -> [(source: Int, parcel: Parcel)] { exchange.take(rank) }

  var isSending: Bool { false }
  var isReceiving: Bool { false }

  func end() {}
}
