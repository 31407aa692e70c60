import Adaptation
import Federation
import Foundation
import Synchronization
import Tensors
import TrainingBackends

/// Trains and tests on all ranks, including this one.
package final class RankBackend: TrainingBackend {
  private let hub: RankHub
  private let local: LocalBackend
  private let method: Int
  private let sharesTests: Bool

  /// - Parameters:
  ///   - local: trains on this rank.
  ///   - method: the number of the method in the scenario.
  ///   - sharesTests: whether to distribute tests: true if the vision tower is trained, since the
  ///     rest of a test takes less time than a message.
  package init(_ hub: RankHub, _ local: ThreadBackend, method: Int, sharesTests: Bool) {
    self.hub = hub
    self.local = LocalBackend(local)
    self.method = method
    self.sharesTests = sharesTests
  }

  package func groupCount(
    _ model: ClientModel, _ techniques: TrainingTechniques, clients: Int
  ) -> Int {
    let workers = hub.workers
    return local.use { $0.groupCount(model, techniques, clients: clients, workers: workers) }
  }

  package func submit(_ job: TrainingJob) -> PendingResult<[TrainingResult]> {
    // Prepares what other ranks need of this one before they request it.
    local.use { $0.prepare(job.techniques) }
    let pending = PendingResult<[TrainingResult]>()
    let key = key(of: job.model)
    let count = job.model.parameters.count
    let keepsChanges = job.mayKeepChanges && count >= hub.leastSpread
    hub.submit(
      RankHub.Work(
        needs: job.members.flatMap(\.places), model: key.map { ($0, job.model) },
        begin: { [local] fetched, done in
          local.use { $0.submit(job.resolved(fetched)) }.then {
            // Frees the rank first: the result may trigger the client's next task, which belongs here.
            done()
            pending.fulfil($0)
          }
        },
        order: { [method] rank, fetched in
          .train(
            RankOrder.Training(
              method: method, model: key.map { .known($0) } ?? .own(job.model),
              techniques: job.techniques,
              members: job.members.map { RankOrder.Member($0, for: rank, fetched) },
              upload: job.upload, keepsChanges: keepsChanges))
        },
        finish: { [hub] rank, answer in
          guard case .trained(let results) = answer else { return }
          pending.fulfil(results.map { TrainingResult($0, count: count, from: rank, hub) })
        },
        home: job.members.lazy.compactMap(\.home).first))
    return pending
  }

  package func test(
    _ models: [ClientModel], samples: [Int], progress: (_ done: Int, _ count: Int) -> Void
  ) -> Evaluator.Score {
    let pieces = samples.chunked(by: ThreadBackend.testedTogether)
    guard sharesTests else {
      return local.use { $0.test(models, samples: samples, progress: progress) }
    }
    // Two parts per worker, so that a late one delays the others by half of its share.
    let length = max(1, pieces.count / (2 * hub.workers))
    var (score, done) = (Evaluator.Score(), 0)
    for model in models {
      let parts = pieces.chunked(by: length).map { submit(model, Array($0)) }
      for scores in parts {
        for part in scores.wait() {
          score = score + part
          done += part.samples
        }
        progress(done, models.count * samples.count)
      }
    }
    return score
  }

  /// Tests on this rank alone: a client has few samples, and its model would have to be sent.
  package func test(
    _ clients: [ClientTest], progress: (_ done: Int) -> Void
  ) -> [Evaluator.Score] {
    local.use { $0.test(clients, progress: progress) }
  }

  private func submit(_ model: ClientModel, _ pieces: [[Int]]) -> PendingResult<[Evaluator.Score]> {
    let pending = PendingResult<[Evaluator.Score]>()
    let key = key(of: model)
    hub.submit(
      RankHub.Work(
        needs: [], model: key.map { ($0, model) },
        begin: { [local] _, done in
          let scores = local.use { $0.scores(of: model, pieces: pieces) }
          // The pool is first in, first out, so the last piece usually finishes last.
          scores[scores.count - 1].then { _ in
            let all = scores.map { $0.wait() }
            done()
            pending.fulfil(all)
          }
        },
        order: { [method] _, _ in
          .test(
            RankOrder.Test(
              method: method, model: key.map { .known($0) } ?? .own(model), pieces: pieces))
        },
        finish: { _, answer in
          if case .scores(let scores) = answer { pending.fulfil(scores) }
        }))
    return pending
  }

  private func key(of model: ClientModel) -> ModelKey? {
    model.owner == nil
      ? ModelKey(method: method, version: model.version, part: model.lora?.part) : nil
  }
}

/// A backend that threads use one at a time.
private final class LocalBackend: @unchecked Sendable {
  // Used only while holding the lock.
  private let backend: ThreadBackend
  private let lock = NSLock()

  init(_ backend: ThreadBackend) { self.backend = backend }

  func use<Result>(_ body: (ThreadBackend) throws -> Result) rethrows -> Result {
    try lock.withLock { try body(backend) }
  }
}

extension Kept {
  fileprivate var keptPlace: RankHub.KeptPlace? {
    guard case .elsewhere(let remote) = place else { return nil }
    return RankHub.KeptPlace(rank: remote.rank, id: remote.id)
  }

  /// The form that is sent to a rank.
  fileprivate func sent(to rank: Int, _ fetched: (RankHub.KeptPlace) -> Value?) -> Sent<Value> {
    switch place {
    case .here(let value): return .value(value)
    case .elsewhere(let remote):
      if remote.rank == rank { return .kept(remote.id) }
      return .value(fetched(RankHub.KeptPlace(rank: remote.rank, id: remote.id)) ?? value)
    }
  }

  /// The same with local values.
  fileprivate func resolved(_ fetched: (RankHub.KeptPlace) -> Value?) -> Kept {
    guard let keptPlace else { return self }
    return Kept(fetched(keptPlace) ?? value)
  }
}

extension KeptValue {
  fileprivate var memory: OptimizerMemory? {
    if case .memory(let memory) = self { memory } else { nil }
  }

  fileprivate var residual: ErrorFeedback? {
    if case .residual(let residual) = self { residual } else { nil }
  }
}

extension TrainingJob.Member {
  fileprivate var places: [RankHub.KeptPlace] {
    [memory?.keptPlace, residual.keptPlace].compactMap(\.self)
  }

  /// The rank that stores the client's state; nil for a client without state.
  fileprivate var home: Int? {
    if let place = places.first { return place.rank }
    return memory == nil && residual.value.residual.isEmpty ? nil : 0
  }
}

extension TrainingJob {
  /// The job with the state of all members stored locally.
  fileprivate func resolved(_ fetched: RankHub.Fetched) -> TrainingJob {
    TrainingJob(
      model: model, techniques: techniques,
      members: members.map { member in
        Member(
          client: member.client, taskSeed: member.taskSeed, batchSize: member.batchSize,
          memory: member.memory?.resolved { fetched[$0]?.memory },
          correction: member.correction,
          residual: member.residual.resolved { fetched[$0]?.residual })
      }, upload: upload, mayKeepChanges: mayKeepChanges)
  }
}

extension RankOrder.Member {
  fileprivate init(_ member: TrainingJob.Member, for rank: Int, _ fetched: RankHub.Fetched) {
    self.init(
      client: member.client, taskSeed: member.taskSeed, batchSize: member.batchSize,
      memory: member.memory?.sent(to: rank) { fetched[$0]?.memory },
      correction: member.correction,
      residual: member.residual.sent(to: rank) { fetched[$0]?.residual })
  }
}

extension TrainingResult {
  /// - Parameter count: the number of elements of the change.
  fileprivate init(_ result: RankAnswer.Trained, count: Int, from rank: Int, _ hub: RankHub) {
    self.init(
      change: {
        switch result.change {
        case .value(let elements): .here(elements)
        case .kept(let id):
          .elsewhere(RankVector(.whole(rank: rank, id: id), count: count, on: hub))
        }
      }(), steps: result.steps, meanLoss: result.meanLoss,
      memory: result.memory.map { id in Kept(hub.remote(rank, id, \.memory)) },
      isFinite: result.isFinite,
      received: result.received.map { received in
        Received(
          numbers: received.numbers,
          residual: {
            switch received.residual {
            case .value(let value): Kept(value)
            case .kept(let id): Kept(hub.remote(rank, id, \.residual))
            }
          }())
      })
  }
}

extension RankHub {
  fileprivate func remote<Value: Sendable>(
    _ rank: Int, _ id: Int, _ part: @escaping @Sendable (KeptValue) -> Value?
  ) -> RemoteValue<Value> {
    let place = KeptPlace(rank: rank, id: id)
    return RemoteValue(rank: rank, id: id) { [self] in
      guard let value = part(fetch(place).wait()) else {
        preconditionFailure("a rank keeps values of the kind that it has told")
      }
      return value
    } drop: { [self] in
      drop(place)
    }
  }
}
