import Adaptation
import Dispatch
import Federation
import Foundation
import Synchronization
import Tensors
import TrainingBackends

/// Rank 0's view of the other ranks: it assigns work to them, and tracks the state that each holds.
///
/// Work is assigned to any free rank, in the order of submission. The work of a client whose state
/// is stored on a rank is assigned to that rank unless it is busy. The assignment does not affect
/// results.
package final class RankHub: Sendable {
  let post: RankPost
  /// The number of ranks, including this one.
  package let count: Int
  private let state: Mutex<State>
  /// Values no longer needed, by rank. Has its own lock: they may be released while the other is
  /// held.
  private let dropped = Mutex<[Int: Dropped]>([:])
  /// This rank's ranges of vectors that are spread over all ranks.
  let ranges: RankRanges
  /// The number of parameters from which clients' changes stay on the ranks that trained them.
  let leastSpread: Int
  private let joined = PendingResult<Void>()
  /// Ends the process because a rank is lost that the run needs.
  package let fail: @Sendable (RankFault) -> Void
  /// Starts work on this rank, one piece at a time.
  private let beginner = DispatchQueue(label: "flora.ranks.local")

  fileprivate struct State {
    var ranks: [Rank]
    var joinedCount = 0
    /// Work not yet assigned to a rank, in the order of submission.
    var queue: [Work] = []
    var atWork: [Int: (rank: Int, work: Work)] = [:]
    var nextOrder = 0
    var nextSum = 0
    var gathers: [KeptPlace: PendingResult<[Float]>] = [:]
    var fetches: [KeptPlace: PendingResult<KeptValue>] = [:]
    /// Returns the features of a form, once computed.
    var features: [BaseForm: @Sendable () -> [Float]] = [:]
    var waitingForFeatures: [BaseForm: [Int]] = [:]
    var openings: Openings?
    var calls: (missing: Set<Int>, done: PendingResult<Void>)?
    var reports: (values: [Int: RankMeasures], done: PendingResult<Void>)?
  }

  /// What a rank stores in vain: the numbers of values and of its ranges of sums.
  private struct Dropped {
    var values: [Int] = []
    var ranges: [Int] = []
  }

  fileprivate struct Rank {
    var place = RankPlace.current
    var workers = 1
    var busy = 0
    /// The models that it holds, in the order in which they were sent.
    var models: [ModelKey] = []
  }

  fileprivate struct Openings {
    var answers: [Int: Result<[String: String], RankFault>] = [:]
    let done = PendingResult<Void>()
  }

  /// - Parameters:
  ///   - workers: the workers of this rank.
  ///   - leastSpread: the number of parameters from which clients' changes stay on the ranks that
  ///     trained them, and each rank adds up a range.
  ///   - fail: ends the process because a rank is lost that the run needs.
  package init(
    _ post: RankPost, count: Int, workers: Int, leastSpread: Int = RankHub.leastSpread,
    fail: @escaping @Sendable (RankFault) -> Void
  ) {
    self.post = post
    self.count = count
    self.leastSpread = leastSpread
    ranges = RankRanges(rank: 0, count: count) { [post] in post.send($0, to: $1) }
    self.fail = fail
    var ranks = [Rank](repeating: Rank(), count: count)
    ranks[0].workers = workers
    state = Mutex(State(ranks: ranks))
    for rank in 1..<count { post.send(.welcome(.current), to: rank) }
    post.handle(
      RankPost.Handlers { [self] in
        receive($1, from: $0)
      } tick: { [self] in
        if let gone = goneRank() { fail(fault(of: gone, "has died")) }
        for rank in others { sendDropped(to: rank) }
      } lost: { [self] rank, what in
        fail(
          rank.map { fault(of: $0, what) } ?? RankFault("the ranks have lost contact: \(what)"))
      })
  }

  /// 4 MB per change. A range of it is 64 KB on 64 ranks, which takes about as long to copy and
  /// decode (0.6 ns per byte) as its message does without it.
  package static let leastSpread = 1 << 20

  var others: Range<Int> { 1..<count }

  /// - Parameter what: the end of a sentence about the rank.
  private func fault(of rank: Int, _ what: String) -> RankFault {
    RankFault("\(name(rank)) \(what)")
  }

  /// The name by which a user can find it.
  private func name(_ rank: Int) -> String {
    let place = state.withLock { $0.ranks[rank].place }
    return "rank \(rank) (process \(place.process) on \(place.host))"
  }

  /// A rank whose process is known to have ended.
  private func goneRank() -> Int? {
    guard joined.isThere(within: 0) else { return nil }
    let places = state.withLock { $0.ranks.map(\.place) }
    return others.first { places[$0].isGone }
  }

  // MARK: Starting and ending

  /// Makes all ranks load an experiment, and compares the inputs of its results with this rank's.
  ///
  /// - Parameters:
  ///   - point: the number of the combination in the sweep.
  ///   - key: the `RunOrigin.resultKey` of this rank; evaluated while the others load.
  /// - Returns: a remark for the user if kernels differ and may; otherwise nil.
  /// - Throws: `RankFault` with a sentence that names the rank that differs or cannot load the
  ///   experiment; any error of `key`.
  package func open(
    point: Int, allowsDifferentKernels: Bool, key: () throws -> [String: String]
  ) throws -> String? {
    joined.wait()
    let done = state.withLock { state in
      let openings = Openings()
      state.openings = openings
      state.queue = []
      state.features = [:]
      for rank in others { state.ranks[rank].models = [] }
      return openings.done
    }
    for rank in others { post.send(.open(point: point), to: rank) }
    let own = try key()
    done.wait()
    let answers = state.withLock { $0.openings?.answers ?? [:] }
    var remark: String?
    for (rank, answer) in answers.sorted(by: { $0.key < $1.key }) {
      let other: [String: String]
      do { other = try answer.get() } catch {
        throw fault(of: rank, "cannot load the run: \(error)")
      }
      guard let difference = Self.difference(own, other) else { continue }
      guard difference.isKernels, allowsDifferentKernels else {
        let advice =
          difference.isKernels
          ? "; with --allow-different-kernels the run continues, and the last bits of results may differ from run to run"
          : ""
        throw fault(of: rank, difference.words + advice)
      }
      remark =
        "\(name(rank)) \(difference.words), so the last bits of results may differ from run to run"
    }
    return remark
  }

  private static func difference(
    _ own: [String: String], _ other: [String: String]
  ) -> (words: String, isKernels: Bool)? {
    let words = [
      "version": "runs another version of the program", "scenario": "has a different scenario",
      "data": "has different data files", "weights": "has different weights or model files",
      "trace": "has a different availability trace",
      "kernels":
        "has different matrix-product kernels (\(other["kernels"] ?? "none"), not \(own["kernels"] ?? "none"))",
    ]
    let keys = ["version", "scenario", "data", "weights", "trace", "kernels"]
    guard let key = keys.first(where: { own[$0] != other[$0] }) else { return nil }
    return (words[key] ?? "differs", key == "kernels")
  }

  /// Requests an answer from every rank; returns the fault of one that is dead or does not answer
  /// in time.
  package func callRoll(within seconds: Double) -> RankFault? {
    guard joined.isThere(within: 0) else { return nil }
    if let gone = goneRank() { return fault(of: gone, "has died") }
    let done = PendingResult<Void>()
    state.withLock { $0.calls = (Set(others), done) }
    for rank in others { post.send(.call, to: rank) }
    if done.isThere(within: seconds) { return nil }
    let missing = state.withLock { $0.calls?.missing.min() } ?? 1
    return fault(of: missing, goneRank() == missing ? "has died" : "does not answer")
  }

  /// The resources that each rank has used; without ranks that do not answer within a second.
  package func measures() -> [Int: RankMeasures] {
    let done = PendingResult<Void>()
    state.withLock { $0.reports = ([:], done) }
    for rank in others { post.send(.report, to: rank) }
    _ = done.isThere(within: 1)
    var values = state.withLock { $0.reports?.values ?? [:] }
    values[0] = .current(post.traffic)
    return values
  }

  /// The host and number of workers of each rank.
  package var places: [(place: RankPlace, workers: Int)] {
    joined.wait()
    return state.withLock { $0.ranks.map { ($0.place, $0.workers) } }
  }

  /// The number of workers of all ranks.
  package var workers: Int { places.reduce(0) { $0 + $1.workers } }

  package var traffic: RankTraffic { post.traffic }

  /// Ends all ranks with an exit code, including this one's post.
  package func leave(_ code: Int32, within seconds: Double = 5) {
    // The others wait for this rank's part in sums that are not added up yet.
    let isAdded = PendingResult<Void>()
    ranges.afterSums { isAdded.fulfil(()) }
    _ = isAdded.isThere(within: seconds)
    for rank in others { post.send(.leave(code), to: rank) }
    post.end(within: seconds)
  }

  // MARK: Work

  /// A piece of work that any rank can do.
  struct Work: Sendable {
    /// The state of clients on other ranks that the work needs.
    let needs: [KeptPlace]
    /// The initial model, which is not sent to a rank that already has it.
    let model: (key: ModelKey, value: ClientModel)?
    /// Starts the work on this rank with the fetched values of `needs`, and calls back when done.
    let begin: @Sendable (Fetched, _ done: @escaping @Sendable () -> Void) -> Void
    /// The order for another rank.
    let order: @Sendable (_ rank: Int, Fetched) -> RankOrder
    /// Handles the answer of another rank.
    let finish: @Sendable (_ rank: Int, RankAnswer) -> Void
    /// The preferred rank; nil if any will do.
    var home: Int?
  }

  /// The location of a value that a rank stores.
  struct KeptPlace: Hashable, Sendable {
    let rank: Int
    let id: Int
  }

  typealias Fetched = [KeptPlace: KeptValue]

  func submit(_ work: Work) {
    state.withLock { $0.queue.append(work) }
    giveOut()
  }

  /// Assigns waiting work to free ranks.
  private func giveOut() {
    while let (work, rank) = state.withLock({ $0.next() }) { start(work, on: rank) }
  }

  private func start(_ work: Work, on rank: Int) {
    let away = work.needs.filter { $0.rank != rank }
    guard !away.isEmpty else { return start(work, on: rank, [:]) }
    let gathering = Gathering(work, rank, count: away.count)
    for place in away {
      fetch(place).then { [self] value in
        guard let fetched = gathering.add(value, of: place) else { return }
        start(gathering.work, on: gathering.rank, fetched)
      }
    }
  }

  /// The values being fetched for a piece of work.
  private final class Gathering: Sendable {
    let work: Work
    let rank: Int
    private let count: Int
    private let fetched = Mutex<Fetched>([:])

    init(_ work: Work, _ rank: Int, count: Int) {
      self.work = work
      self.rank = rank
      self.count = count
    }

    /// - Returns: all values once the last one is added, otherwise nil.
    func add(_ value: KeptValue, of place: KeptPlace) -> Fetched? {
      fetched.withLock { fetched in
        fetched[place] = value
        return fetched.count == count ? fetched : nil
      }
    }
  }

  private func start(_ work: Work, on rank: Int, _ fetched: Fetched) {
    guard rank > 0 else {
      beginner.async { [self] in
        work.begin(fetched) { [self] in
          state.withLock { $0.ranks[0].busy -= 1 }
          giveOut()
        }
      }
      return
    }
    sendDropped(to: rank)
    // Atomic, so that no other order comes between a model and the work that needs it.
    state.withLock { state in
      if let (key, model) = work.model, !state.ranks[rank].models.contains(key) {
        let old = state.ranks[rank].add(key)
        if !old.isEmpty { post.send(.forget(old), to: rank) }
        post.send(.model(key, model), to: rank)
      }
      let number = state.nextOrder
      state.nextOrder += 1
      state.atWork[number] = (rank, work)
      post.send(.order(number, work.order(rank, fetched)), to: rank)
    }
  }

  // MARK: What ranks keep

  func fetch(_ place: KeptPlace) -> PendingResult<KeptValue> {
    let (pending, isNew) = state.withLock { state in
      if let known = state.fetches[place] { return (known, false) }
      let pending = PendingResult<KeptValue>()
      state.fetches[place] = pending
      return (pending, true)
    }
    if isNew { post.send(.fetch(place.id), to: place.rank) }
    return pending
  }

  func drop(_ place: KeptPlace) {
    dropped.withLock { $0[place.rank, default: Dropped()].values.append(place.id) }
  }

  func sendDropped(to rank: Int) {
    guard let dropped = dropped.withLock({ $0.removeValue(forKey: rank) }) else { return }
    if !dropped.values.isEmpty { post.send(.drop(dropped.values), to: rank) }
    if !dropped.ranges.isEmpty { post.send(.dropRanges(dropped.ranges), to: rank) }
  }

  // MARK: Sums of what ranks keep

  /// The id of a new sum that is spread over all ranks.
  func newSum() -> Int {
    state.withLock { state in
      state.nextSum += 1
      return state.nextSum
    }
  }

  /// Requests another rank's range of a sum.
  func gather(_ sum: Int, from rank: Int) -> PendingResult<[Float]> {
    let pending = PendingResult<[Float]>()
    state.withLock { $0.gathers[KeptPlace(rank: rank, id: sum)] = pending }
    post.send(.gather(sum), to: rank)
    return pending
  }

  func dropRange(_ sum: Int, on rank: Int) {
    dropped.withLock { $0[rank, default: Dropped()].ranges.append(sum) }
  }

  // MARK: Features

  /// Makes the features of a form, which are being computed, available to ranks.
  ///
  /// - Parameter rows: in the layout of `RankMessage.features`.
  package func provide(_ form: BaseForm, _ rows: @escaping @Sendable () -> [Float]) {
    let waiting = state.withLock { state in
      state.features[form] = rows
      return state.waitingForFeatures.removeValue(forKey: form) ?? []
    }
    guard !waiting.isEmpty else { return }
    let values = rows()
    for rank in waiting { post.send(.features(form, values), to: rank) }
  }

  // MARK: What comes

  private func receive(_ message: RankMessage, from rank: Int) {
    switch message {
    case .joined(let place, let workers):
      let areAll = state.withLock { state in
        state.ranks[rank].place = place
        state.ranks[rank].workers = workers
        state.joinedCount += 1
        return state.joinedCount == others.count
      }
      if areAll { joined.fulfil(()) }
    case .opened(let key): opened(.success(key), by: rank)
    case .refused(let sentence): opened(.failure(RankFault(sentence)), by: rank)
    case .done(let order, let answer):
      let work = state.withLock { state in
        state.ranks[rank].busy -= 1
        return state.atWork.removeValue(forKey: order)?.work
      }
      work?.finish(rank, answer)
      giveOut()
    case .lacksFeatures(let form):
      let rows = state.withLock { state in
        let rows = state.features[form]
        if rows == nil { state.waitingForFeatures[form, default: []].append(rank) }
        return rows
      }
      if let rows { post.send(.features(form, rows()), to: rank) }
    case .range(let operand, let range): ranges.receive(operand, range)
    case .gathered(let sum, let range):
      state.withLock { $0.gathers.removeValue(forKey: KeptPlace(rank: rank, id: sum)) }?.fulfil(
        range)
    case .kept(let id, let value):
      state.withLock { $0.fetches.removeValue(forKey: KeptPlace(rank: rank, id: id)) }?.fulfil(
        value)
    case .here:
      let done = state.withLock { state in
        state.calls?.missing.remove(rank)
        return state.calls?.missing.isEmpty == true ? state.calls?.done : nil
      }
      done?.fulfil(())
    case .measures(let measures):
      let done = state.withLock { state in
        state.reports?.values[rank] = measures
        return state.reports?.values.count == others.count ? state.reports?.done : nil
      }
      done?.fulfil(())
    default: break
    }
  }

  private func opened(_ answer: Result<[String: String], RankFault>, by rank: Int) {
    let done = state.withLock { state in
      state.openings?.answers[rank] = answer
      return state.openings?.answers.count == others.count ? state.openings?.done : nil
    }
    done?.fulfil(())
  }
}

extension RankHub.State {
  /// The next work to assign, and its rank; nil if all are busy or nothing waits.
  fileprivate mutating func next() -> (RankHub.Work, Int)? {
    guard !queue.isEmpty else { return nil }
    // With a long queue, each rank gets one piece more than it can do, so that it never waits for a
    // message.
    let ahead = queue.count > ranks.reduce(0) { $0 + $1.workers } ? 1 : 0
    let free = ranks.indices.filter { ranks[$0].busy < ranks[$0].workers + ahead }.sorted {
      (ranks[$0].load, $0) < (ranks[$1].load, $1)
    }
    for rank in free {
      guard let place = place(for: rank) else { continue }
      ranks[rank].busy += 1
      return (queue.remove(at: place), rank)
    }
    return nil
  }

  /// The first piece whose preferred rank this is, else the first without one, else the first whose
  /// preferred rank is busy.
  private func place(for rank: Int) -> Int? {
    queue.firstIndex { $0.home == rank } ?? queue.firstIndex { $0.home == nil }
      ?? queue.firstIndex { work in
        work.home.map { ranks[$0].busy >= ranks[$0].workers } ?? true
      }
  }
}

extension RankHub.Rank {
  fileprivate var load: Double { Double(busy) / Double(workers) }

  /// The number of versions of which a rank holds models: the current one, and the previous one,
  /// with which tasks may still start.
  private static let versions = 2

  /// - Returns: the models that the rank is to remove.
  fileprivate mutating func add(_ key: ModelKey) -> [ModelKey] {
    models.removeAll { $0 == key }
    models.append(key)
    var kept: [ModelKey] = []
    for model in models.reversed() {
      func isSame(_ other: ModelKey) -> Bool {
        (other.method, other.version) == (model.method, model.version)
      }
      if kept.contains(where: isSame)
        || Set(kept.map { [$0.method, $0.version] }).count < Self.versions
      {
        kept.append(model)
      }
    }
    let old = models.filter { !kept.contains($0) }
    models = kept.reversed()
    return old
  }
}
