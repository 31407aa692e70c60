import Foundation
import Synchronization

/// The thread that talks to other ranks.
///
/// It alone uses the link. It sends what others give it in their order, hands what comes to `receive`, and says that a
/// rank is lost where MPI reports an error, its process is gone, or nothing has been heard of it for long.
package final class RankPost: Sendable {
  package struct Start: Sendable {
    package let rank: Int
    package let count: Int
  }

  /// What becomes of what comes; both are called on the post's thread.
  package struct Handlers: Sendable {
    let receive: @Sendable (_ source: Int, RankMessage) -> Void
    let tick: @Sendable () -> Void
    /// A rank, or none in particular, and the end of a sentence that says what is wrong with it.
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

  /// Seconds of silence after which a rank counts as lost.
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

  /// - Parameter link: makes the link, on the thread that will use it.
  package init(_ link: @escaping @Sendable () throws -> any RankLink) {
    let thread = Thread { [self] in
      do {
        let link = try link()
        started.set(.success(Start(rank: link.rank, count: link.count)))
        run(link)
        // What handles messages holds the post in turn.
        shared.withLock { ($0.handlers, $0.outbox) = (nil, []) }
      } catch {
        started.set(.failure(RankFault("\(error)")))
      }
      ended.set(.success(()))
    }
    thread.start()
  }

  /// Which rank this is, and of how many.
  ///
  /// - Throws: `RankFault` where the link cannot be made.
  package func start() throws -> Start { try started.wait(nil)!.get() }

  /// Takes note of who handles what comes, which waits until then.
  package func handle(_ handlers: Handlers) {
    shared.withLock { $0.handlers = handlers }
    signal()
  }

  package func send(_ message: RankMessage, to rank: Int) {
    shared.withLock { $0.outbox.append((rank, message)) }
    signal()
  }

  package var traffic: RankTraffic { shared.withLock(\.traffic) }

  /// Sends what is left, and leaves with all others; gives up after some seconds, as where another rank is gone.
  package func end(within seconds: Double = 5) {
    shared.withLock { $0.isEnding = true }
    signal()
    _ = ended.wait(seconds)
  }

  private func signal() { wake.withLock { wake.signal() } }

  // MARK: The thread

  private func run(_ link: any RankLink) {
    let peers = link.rank == 0 ? Array(1..<link.count) : [0]
    var heard = [Int: Int](uniqueKeysWithValues: peers.map { ($0, 0) })
    let clock = ContinuousClock()
    var lastTick = clock.now
    var idle = 0
    while true {
      let (outbox, handlers, isEnding) = shared.withLock { shared in
        defer { shared.outbox = [] }
        return (shared.outbox, shared.handlers, shared.isEnding)
      }
      for (rank, message) in outbox {
        let parcel = Parcel(message)
        shared.withLock { $0.traffic.addSent(message.kind, parcel.bytes) }
        do { try link.send(parcel, to: rank) } catch {
          if isEnding { return }
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
          if isEnding { return }
          handlers.lost(nil, "\(error)")
        }
        // Seconds in which this thread itself ran: where the whole machine stood still, nobody was silent.
        if lastTick.duration(to: clock.now) >= .seconds(1) {
          lastTick = clock.now
          for peer in peers {
            send(.alive, to: peer)
            heard[peer, default: 0] += 1
            if heard[peer, default: 0] > Self.patience, !isEnding {
              handlers.lost(peer, "has not been heard of for \(Self.patience) seconds")
            }
          }
          handlers.tick()
        }
      }
      idle = isBusy ? 0 : idle + 1
      rest(idle, whileSending: link.isSending)
    }
  }

  /// Waits until there is something to send, or it is time to look for what has come: sooner where something has come
  /// lately or is on its way, since MPI moves data only while it is called.
  private func rest(_ idle: Int, whileSending: Bool) {
    if idle < 4 { return }
    let longest = whileSending ? 1e-4 : 1e-3
    let seconds = min(longest, 2e-5 * Double(idle))
    wake.withLock {
      if shared.withLock({ $0.outbox.isEmpty && !$0.isEnding }) {
        _ = wake.wait(until: Date(timeIntervalSinceNow: seconds))
      }
    }
  }
}

/// A result that comes once.
private final class Outcome<Value: Sendable>: @unchecked Sendable {
  // Touched only under the condition's lock.
  private var value: Result<Value, RankFault>?
  private let condition = NSCondition()

  func set(_ value: Result<Value, RankFault>) {
    condition.withLock { self.value = value }
    condition.broadcast()
  }

  /// Nil where it does not come within so many seconds.
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
