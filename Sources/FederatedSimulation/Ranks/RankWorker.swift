import Adaptation
import Federation
import Foundation
import Ranks
import Results
import Scenario
import Synchronization
import Tensors
import TrainingBackends

/// A rank other than the first: it loads the first rank's experiments, and trains, tests and
/// extracts features for it.
package final class RankWorker: Sendable {
  private let post: RankPost
  private let sweep: Result<ScenarioSweep, any Error>
  private let workers: Int
  private let pool: WorkerPool
  private let cache: FeatureCache?
  private let leave: @Sendable (Int32) -> Void
  private let inbox = Inbox()
  private let firstRank = Mutex<RankPlace?>(nil)
  private let kept = Mutex<Store>(Store())
  private let ranges: RankRanges
  private let rank: Int
  private let features = Mutex<[BaseForm: PendingResult<[Float]>]>([:])

  /// - Parameters:
  ///   - sweep: the sweep that this process was started with, or the error from reading it.
  ///   - leave: ends the process with the first rank's exit code.
  ///   - fail: ends the process because the first rank is lost.
  package init(
    _ post: RankPost, _ sweep: Result<ScenarioSweep, any Error>, workers: Int, cache: FeatureCache?,
    leave: @escaping @Sendable (Int32) -> Void, fail: @escaping @Sendable (RankFault) -> Void
  ) {
    self.post = post
    guard let start = try? post.start() else {
      preconditionFailure("a rank is connected before it serves")
    }
    rank = start.rank
    ranges = RankRanges(rank: rank, count: start.count) { [post] in post.send($0, to: $1) }
    self.sweep = sweep
    self.workers = workers
    pool = WorkerPool(workers: workers)
    self.cache = cache
    self.leave = leave
    post.handle(
      RankPost.Handlers { [self] in
        receive($1)
      } tick: { [self] in
        if let fault { fail(fault) }
      } lost: { [self] other, what in
        // The first rank finds out about any other, and says so.
        if let other, other > 0 { return }
        fail(fault ?? RankFault("\(firstName) \(what)"))
      })
    post.send(.joined(.current, workers: workers), to: 0)
  }

  /// The error if the first rank has died; nil if it is not known to be dead.
  package var fault: RankFault? {
    firstRank.withLock { $0?.isGone == true } ? RankFault("\(firstName) has died") : nil
  }

  private var firstName: String {
    firstRank.withLock { $0 }.map { "rank 0 (process \($0.process) on \($0.host))" } ?? "rank 0"
  }

  // MARK: Incoming messages

  /// Runs on the post's thread, so it must not block.
  private func receive(_ message: RankMessage) {
    switch message {
    case .welcome(let place): firstRank.withLock { $0 = place }
    case .fetch(let id):
      guard let value = kept.withLock({ $0[id] }) else {
        preconditionFailure("what the first rank asks for is kept until it drops it")
      }
      post.send(.kept(id, value), to: 0)
    case .drop(let ids): kept.withLock { store in for id in ids { store.drop(id) } }
    case .add(let sum):
      let whole = changes(sum.whole(on: rank))
      LongVectors.$helpers.withValue(pool) { ranges.add(sum, whole) }
    case .range(let operand, let range): ranges.receive(operand, range)
    case .gather(let sum):
      ranges.range(sum).then { [post] in post.send(.gathered(sum, $0), to: 0) }
    case .dropRanges(let sums): ranges.drop(sums)
    case .features(let form, let rows): pendingFeatures(form).fulfil(rows)
    case .call: post.send(.here, to: 0)
    case .report: post.send(.measures(.current(post.traffic)), to: 0)
    case .leave(let code):
      // Other ranks wait for this one's part in sums that are not added up yet.
      ranges.afterSums { [self] in
        inbox.put(message)
        leave(code)
      }
    case .open, .model, .forget, .order: inbox.put(message)
    default: break
    }
  }

  private func pendingFeatures(_ form: BaseForm) -> PendingResult<[Float]> {
    features.withLock { features in
      let pending = features[form] ?? PendingResult()
      features[form] = pending
      return pending
    }
  }

  /// Executes the first rank's orders until told to exit.
  package func serve() {
    var run: OpenRun?
    while true {
      switch inbox.next() {
      case .open(let point):
        run = nil
        features.withLock { $0 = [:] }
        run = open(point)
      case .model(let key, let model): run?.models[key] = model
      case .forget(let keys): for key in keys { run?.models[key] = nil }
      case .order(let number, let order): run?.begin(order, number, self)
      case .leave: return
      default: break
      }
    }
  }

  private func open(_ point: Int) -> OpenRun? {
    do {
      let points = try sweep.get().points
      guard points.indices.contains(point) else {
        throw ExperimentError("it was started with other arguments")
      }
      let experiment = try Experiment(points[point].scenario, workers: workers)
      post.send(.opened(try experiment.origin().resultKey), to: 0)
      return OpenRun(experiment, on: pool, cache) { [self] form in
        let pending = pendingFeatures(form)
        post.send(.lacksFeatures(form), to: 0)
        return pending.wait()
      }
    } catch {
      post.send(.refused("\(error)"), to: 0)
      return nil
    }
  }

  // MARK: Results

  fileprivate func answer(_ number: Int, _ answer: RankAnswer) {
    post.send(.done(number, answer), to: 0)
  }

  /// Keeps a value and returns the id that the first rank uses for it.
  fileprivate func keep(_ value: KeptValue) -> Int { kept.withLock { $0.keep(value) } }

  /// Changes that are kept on this rank, by their ids.
  private func changes(_ ids: [Int]) -> [Int: [Float]] {
    kept.withLock { store in
      Dictionary(
        uniqueKeysWithValues: ids.map { id in
          guard case .change(let elements) = store[id] else {
            preconditionFailure("a sum's terms are kept")
          }
          return (id, elements)
        })
    }
  }

  /// The state that clients keep on this rank.
  private struct Store {
    private var values: [Int: KeptValue] = [:]
    private var next = 0

    subscript(id: Int) -> KeptValue? { values[id] }

    mutating func keep(_ value: KeptValue) -> Int {
      values[next] = value
      next += 1
      return next - 1
    }

    mutating func drop(_ id: Int) { values[id] = nil }
  }

  fileprivate func memory(_ sent: Sent<OptimizerMemory>) -> Kept<OptimizerMemory> {
    switch sent {
    case .value(let value): return Kept(value)
    case .kept(let id):
      guard case .memory(let value) = kept.withLock({ $0[id] }) else {
        preconditionFailure("an order names what is kept")
      }
      return Kept(value)
    }
  }

  fileprivate func residual(_ sent: Sent<ErrorFeedback>) -> Kept<ErrorFeedback> {
    switch sent {
    case .value(let value): return Kept(value)
    case .kept(let id):
      guard case .residual(let value) = kept.withLock({ $0[id] }) else {
        preconditionFailure("an order names what is kept")
      }
      return Kept(value)
    }
  }
}

/// An experiment that a rank has loaded; used by a single thread.
private final class OpenRun {
  private let experiment: Experiment
  private let pool: WorkerPool
  private let library: BaseLibrary
  var models: [ModelKey: ClientModel] = [:]
  /// The backend of the last requested method.
  private var backend: (method: Int, backend: ThreadBackend)?

  init(
    _ experiment: Experiment, on pool: WorkerPool, _ cache: FeatureCache?,
    features: @escaping (BaseForm) -> [Float]
  ) {
    self.experiment = experiment
    self.pool = pool
    library = BaseLibrary(experiment, on: pool, cache, Silence(), .firstRank(features))
  }

  /// Starts an order, whose answer a worker sends.
  func begin(_ order: RankOrder, _ number: Int, _ rank: RankWorker) {
    switch order {
    case .train(let training):
      backend(training.method).submit(
        TrainingJob(
          model: model(training.model), techniques: training.techniques,
          members: training.members.map { member in
            TrainingJob.Member(
              client: member.client, taskSeed: member.taskSeed, batchSize: member.batchSize,
              memory: member.memory.map(rank.memory), correction: member.correction,
              residual: rank.residual(member.residual))
          }, upload: training.upload)
      ).then { results in
        let answers = results.map { Self.answer($0, keepsChange: training.keepsChanges, rank) }
        rank.answer(number, .trained(answers))
      }
    case .test(let test):
      let scores = backend(test.method).scores(of: model(test.model), pieces: test.pieces)
      scores[scores.count - 1].then { _ in
        rank.answer(number, .scores(scores.map { $0.wait() }))
      }
    case .extract(let form, let batches):
      library.extraction(form)(batches.map { FeatureBatch(samples: $0) }).then {
        rank.answer(number, .features($0))
      }
    }
  }

  private func model(_ sent: SentModel) -> ClientModel {
    switch sent {
    case .own(let model): return model
    case .known(let key):
      guard let model = models[key] else { preconditionFailure("a model comes before its orders") }
      return model
    }
  }

  private func backend(_ method: Int) -> ThreadBackend {
    if let backend, backend.method == method { return backend.backend }
    let made = ThreadBackend(experiment, method: method, library, on: pool)
    backend = (method, made)
    return made
  }

  /// Converts a result to an answer; the client's kept state stays on this rank.
  private static func answer(
    _ result: TrainingResult, keepsChange: Bool, _ rank: RankWorker
  ) -> RankAnswer.Trained {
    let change = result.change.elements
    return RankAnswer.Trained(
      change: keepsChange ? .kept(rank.keep(.change(change))) : .value(change),
      steps: result.steps, meanLoss: result.meanLoss,
      memory: result.memory.map { rank.keep(.memory($0.value)) }, isFinite: result.isFinite,
      received: result.received.map { received in
        let residual = received.residual.value
        return RankAnswer.Received(
          numbers: received.numbers,
          residual: residual.residual.isEmpty
            ? .value(residual) : .kept(rank.keep(.residual(residual))))
      })
  }
}

/// A queue of messages from the post's thread to the serving thread.
private final class Inbox: @unchecked Sendable {
  // Accessed only with the condition's lock held.
  private var messages: [RankMessage] = []
  private let condition = NSCondition()

  func put(_ message: RankMessage) {
    condition.withLock { messages.append(message) }
    condition.signal()
  }

  func next() -> RankMessage {
    condition.withLock {
      while messages.isEmpty { condition.wait() }
      return messages.removeFirst()
    }
  }
}

/// Reports no progress, because the first rank does.
private struct Silence: ProgressObserver {
  func observe(_ progress: RunProgress) {}
}
