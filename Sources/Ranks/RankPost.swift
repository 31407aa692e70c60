import Foundation
import Synchronization

/// The thread that communicates with other ranks.
///
/// It alone uses the link. It sends what other threads submit, in order, and passes what arrives to
/// `receive`. It reports a rank as lost if MPI reports an error, its process has ended, or it has
/// been silent for too long.
package final class RankPost: Sendable {
  package struct Start: Sendable {
    package let rank: Int
    package let count: Int
  }

  /// The handlers of events; both are called on the post's thread.
  package struct Handlers: Sendable {
    let receive: @Sendable (_ source: Int, RankMessage) -> Void
    let tick: @Sendable () -> Void
    /// A rank, or nil for none in particular, and the end of a sentence that describes the fault.
    let lost: @Sendable (_ rank: Int?, String) -> Void

    package init(
      receive: @escaping @Sendable (_ source: Int, RankMessage) -> Void,
      tick: @escaping @Sendable () -> Void = {},
      lost: @escaping @Sendable (_ rank: Int?, String) -> Void
    ) {
      self.receive = receive
      self.tick = tick
      self.lost = lost
    }
  }

  /// The seconds of silence after which a rank counts as lost.
  private static let patience = 30

  private let shared = Mutex(Shared())
  private let wake = NSCondition()
  private let started = Outcome<Start>()
  private let ended = Outcome<Void>()

  private struct Shared {
    var outbox: [(rank: Int, message: RankMessage)] = []
    var handlers: Handlers?
    var isEnding = false
    var traffic = RankTraffic()
  }

  /// - Parameter link: creates the link, on the thread that will use it.
  package init(_ link: @escaping @Sendable () throws -> any RankLink) {
    let thread = Thread { [self] in
      do {
        let link = try link()
        started.set(.success(Start(rank: link.rank, count: link.count)))
        run(link)
        // The handlers hold a reference to the post.
        shared.withLock { ($0.handlers, $0.outbox) = (nil, []) }
      } catch {
        started.set(.failure(RankFault("\(error)")))
      }
      ended.set(.success(()))
    }
    thread.start()
  }

  /// The number of this rank, and of all ranks.
  ///
  /// - Throws: `RankFault` if the link cannot be created.
  package func start() throws -> Start { try started.wait(nil)!.get() }

  /// Sets the handlers; messages wait until then.
  package func handle(_ handlers: Handlers) {
    shared.withLock { $0.handlers = handlers }
    signal()
  }

  package func send(_ message: RankMessage, to rank: Int) {
    shared.withLock { $0.outbox.append((rank, message)) }
    signal()
  }

  package var traffic: RankTraffic { shared.withLock(\.traffic) }

  /// Sends what remains, and disconnects with all others; gives up after some seconds, for example
  /// if another rank is dead.
  package func end(within seconds: Double = 5) {
    shared.withLock { $0.isEnding = true }
    signal()
    _ = ended.wait(seconds)
  }

  private func signal() { wake.withLock { wake.signal() } }

  // MARK: The thread

  private func run(_ link: any RankLink) {
    // Rank 0 watches all others, and they watch it.
    let peers = link.rank == 0 ? Array(1..<link.count) : [0]
    var heard = [Int: Int](uniqueKeysWithValues: peers.map { ($0, 0) })
    let clock = ContinuousClock()
    var lastTick = clock.now
    var idle = 0
    var lastBusy = clock.now
    while true {
      let (outbox, handlers, isEnding) = shared.withLock { shared in
        defer { shared.outbox = [] }
        return (shared.outbox, shared.handlers, shared.isEnding)
      }
      for (rank, message) in outbox {
        let parcel = Parcel(message)
        shared.withLock { shared in
          shared.traffic.addSent(message.kind, parcel.bytes)
          if link.rank > 0, rank > 0 { shared.traffic.bytesToOthers += parcel.bytes }
        }
        do { try link.send(parcel, to: rank) } catch {
          // Launchers report a process that exits without disconnecting.
          if isEnding { return link.end() }
          handlers?.lost(rank, "cannot be reached (\(error))")
        }
      }
      if isEnding, outbox.isEmpty, !link.isSending { return link.end() }
      var isBusy = !outbox.isEmpty
      if let handlers {
        do {
          for (source, parcel) in try link.receive() {
            isBusy = true
            heard[source] = 0
            let message = try parcel.message()
            shared.withLock { $0.traffic.addReceived(message.kind, parcel.bytes) }
            if case .alive = message { continue }
            handlers.receive(source, message)
          }
        } catch {
          if isEnding { return link.end() }
          handlers.lost((error as? RankFault)?.rank, "\(error)")
        }
        // Counts only the time in which this thread ran: if the whole machine was suspended, no
        // rank was silent.
        if lastTick.duration(to: clock.now) >= .seconds(1) {
          lastTick = clock.now
          for peer in peers {
            send(.alive, to: peer)
            heard[peer, default: 0] += 1
            if heard[peer, default: 0] > Self.patience, !isEnding {
              handlers.lost(peer, "has sent no message for \(Self.patience) seconds")
            }
          }
          handlers.tick()
        }
      }
      idle = isBusy ? 0 : idle + 1
      if isBusy { lastBusy = clock.now }
      rest(
        idle, silence: lastBusy.duration(to: clock.now),
        isTransferring: link.isSending || link.isReceiving)
    }
  }

  /// Waits until there is something to send, or it is time to poll.
  ///
  /// Polls every 0.1 ms during a transfer, since MPI moves data only while it is called. Otherwise
  /// the interval grows to 1 ms, and then to 5 ms as 1/64 of the silence, which delays the answer
  /// to long work by less than 2 %. A poll takes 13 us, which is 1.3 % of a core at one per ms.
  private func rest(_ idle: Int, silence: Duration, isTransferring: Bool) {
    if idle < 4 { return }
    let longest = isTransferring ? 1e-4 : max(1e-3, min(5e-3, silence / .seconds(64)))
    let seconds = min(longest, 2e-5 * Double(idle))
    wake.withLock {
      if shared.withLock({ $0.outbox.isEmpty && !$0.isEnding }) {
        _ = wake.wait(until: Date(timeIntervalSinceNow: seconds))
      }
    }
  }
}

/// A result that is set once.
private final class Outcome<Value: Sendable>: @unchecked Sendable {
  // Accessed only while holding the condition's lock.
  private var value: Result<Value, RankFault>?
  private let condition = NSCondition()

  func set(_ value: Result<Value, RankFault>) {
    condition.withLock { self.value = value }
    condition.broadcast()
  }

  /// Nil if it is not set within this many seconds.
  func wait(_ seconds: Double?) -> Result<Value, RankFault>? {
    condition.withLock {
      guard let seconds else {
        while value == nil { condition.wait() }
        return value
      }
      let limit = Date(timeIntervalSinceNow: seconds)
      while value == nil, condition.wait(until: limit) {}
      return value
    }
  }
}
