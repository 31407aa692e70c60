import Dispatch
import FederatedSimulation
import Foundation
import Ranks
import Results
import Scenario
import Synchronization

/// A command's part in a run that several processes share, as the first rank or as another that
/// serves it.
struct RankSession {
  private let post: RankPost
  private let start: RankPost.Start

  /// The seconds that ranks have to disconnect when a run ends. All of them disconnect together, and
  /// a launcher reports a process that exits earlier as failed, so they wait for the slowest one.
  private static let patience = 60.0

  private static let advice =
    "the run has stopped; the same command with --resume continues from the last checkpoint, if there is one, with any number of ranks"

  /// Nil if the process was started alone.
  ///
  /// - Throws: `InputError` if processes were started together that cannot share a run.
  init?() throws {
    guard let launch = RankLaunch() else { return nil }
    do { (post, start) = try launch.connect() } catch {
      // Only rank 0 prints the message. The others wait, since the launcher would end it if they
      // exited first.
      if launch.rank > 0 {
        sleep(2)
        _exit(2)
      }
      throw InputError(description: "flora: \(error)")
    }
  }

  /// Runs `body` as the first rank, and ends the others when it ends; any other rank serves the
  /// first, and does not return.
  func run(
    workers: Int, cache: FeatureCache?, sweep: () throws -> ScenarioSweep,
    _ body: (RankHub) throws -> Void
  ) throws {
    guard start.rank == 0 else { serve(workers: workers, cache, sweep) }
    let hub = RankHub(post, count: start.count, workers: workers) { fault in
      Interruption.leave(saying: "flora: \(fault); \(Self.advice)", 1)
    }
    do {
      try body(hub)
    } catch {
      // Prints before another rank exits with that code, since the launcher then ends all remaining
      // ones.
      let (message, code) = Main.outcome(of: error)
      Interruption.leave(saying: message, code) { hub.leave(code, within: Self.patience) }
    }
    hub.leave(0, within: Self.patience)
    // Exits without the libraries' destructors: workers may still train clients whose results the
    // run does not need, and OpenBLAS frees the memory that they use.
    fflush(nil)
    _exit(0)
  }

  private func serve(
    workers: Int, _ cache: FeatureCache?, _ sweep: () throws -> ScenarioSweep
  ) -> Never {
    let (post, rank) = (post, start.rank)
    let fail: @Sendable (RankFault) -> Void = { fault in
      // Only one rank prints the message.
      guard rank == 1 else { _exit(1) }
      Interruption.leave(saying: "flora: \(fault); \(Self.advice)", 1)
    }
    let worker = RankWorker(post, Result(catching: sweep), workers: workers, cache: cache) { code in
      DispatchQueue.global().async {
        // After a signal, the launcher gives all ranks about a second, and rank 0 does not wait.
        post.end(within: code > 128 ? 1 : Self.patience)
        _exit(code)
      }
    } fail: {
      fail($0)
    }
    // The first rank decides when to stop, which may require a checkpoint; if it has died, no rank
    // does.
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { if let fault = worker.fault { fail(fault) } }
      source.resume()
      return source
    }
    withExtendedLifetime(sources) { worker.serve() }
    // Waits until the post has disconnected.
    while true { sleep(60) }
  }
}

/// A request to stop that is not caused by the death of another rank, which launchers report to all
/// ranks by the same signal.
final class RankStop: StopSignal {
  private let request: StopRequest
  private let hub: RankHub
  private let isConfirmed = Atomic<Bool>(false)

  init(_ request: StopRequest, _ hub: RankHub) {
    self.request = request
    self.hub = hub
  }

  var isRequested: Bool {
    guard request.isRequested else { return false }
    if !isConfirmed.load(ordering: .relaxed) {
      // Launchers kill about a second after the request.
      if let fault = hub.callRoll(within: 0.7) { hub.fail(fault) }
      isConfirmed.store(true, ordering: .relaxed)
    }
    return true
  }

  func listen(_ isListening: Bool) { request.listen(isListening) }

  func answer() { request.answer() }
}
