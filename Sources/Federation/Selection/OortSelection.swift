import Foundation

/// Guided participant selection (Oort: Lai et al., arXiv 2010.06081, Algorithm 1).
///
/// An explored device has the statistical utility U = |B| sqrt(mean of its squared losses), and in
/// round R the score
///
///     ((min(U, clip) - min U) / (max U - min U) + sqrt(0.1 ln R / L)) (T / t)^alpha if t > T,
///
/// with L the round in which it last took part, t its time and T the preferred time (`OortPacer`).
/// Utilities are normalised to the candidates' range as in the published code; the paper adds the
/// confidence term to U itself, whose unit is samples. Explored devices with at least c times the
/// score of the last slot compete, with probabilities proportional to their scores. A shrinking
/// share of the cohort goes to unexplored devices, with probabilities proportional to their samples
/// times the same penalty. Slots that one side cannot fill go to the other. A device that turned
/// out to have insufficient memory is not selected again.
public struct OortSelection: SelectionPolicy {
  public let settings: OortSettings
  public let seed: UInt64
  private var explored: [Int: Explored] = [:]
  /// Devices with insufficient memory.
  private var unfit: Set<Int> = []
  private var exploration: Double
  private var pacer: OortPacer
  /// The devices that were last selected by score, and their resulting utilities.
  private var exploited: Set<Int> = []
  private var gained: [Double] = []
  private var lastRound = 0
  /// The number of continuously filled slots that are still owed to exploration.
  private var owed = 0.0

  public init(_ settings: OortSettings = OortSettings(), seed: UInt64) {
    self.settings = settings
    self.seed = seed
    exploration = settings.exploration
    pacer = OortPacer(
      start: settings.pacerStart, step: settings.pacerStep, window: settings.pacerWindow)
  }

  public mutating func observe(_ report: TaskReport) {
    let utility = Double(report.samples) * report.squaredLoss.squareRoot()
    explored[report.client] = Explored(
      utility: utility, seconds: report.seconds, lastRound: report.round,
      count: (explored[report.client]?.count ?? 0) + 1)
    if exploited.contains(report.client) { gained.append(utility) }
  }

  public mutating func observeInsufficientMemory(of client: Int) { unfit.insert(client) }

  public mutating func select(
    _ request: SelectionRequest, among candidates: some Sequence<some SelectionCandidate>
  ) -> [Int] {
    let (size, round) = (request.size, request.round)
    if round > lastRound { finishRound() }
    lastRound = round

    var known: [(id: Int, past: Explored)] = []
    var unknown: [(id: Int, samples: Int, seconds: Double)] = []
    for candidate in candidates where !unfit.contains(candidate.id) {
      let id = candidate.id
      guard let past = explored[id] else {
        unknown.append((id, candidate.samples, candidate.estimatedSeconds))
        continue
      }
      if past.count <= settings.participationLimit ?? .max { known.append((id, past)) }
    }
    let preferred = pacer.preferred(known.map(\.past.seconds) + unknown.map(\.seconds))

    var wanted = Int(Double(size) * exploration)
    if request.isStream {
      owed += Double(size) * exploration
      wanted = max(0, Int(owed))
    }
    let exploring = max(min(wanted, unknown.count), min(size - known.count, unknown.count))
    let familiar = exploit(size - exploring, of: known, request, preferred: preferred)
    let new = WeightedDraw(seed: seed, purpose: "oort exploration", round: request.draw)
      .draw(
        size - familiar.count,
        from: unknown.map {
          ($0.id, Double($0.samples) * penalty($0.seconds, preferred: preferred))
        })
    if request.isStream {
      owed = min(owed - Double(new.count), Double(size))
      exploited.formUnion(familiar)
      exploited.subtract(new)
    } else {
      exploited = Set(familiar)
    }
    return (familiar + new).sorted()
  }

  /// Finalises the previous round.
  private mutating func finishRound() {
    guard lastRound > 0 else { return }
    exploration = max(exploration * settings.explorationDecay, settings.explorationFloor)
    pacer.finishRound(
      utility: gained.isEmpty ? 0 : gained.reduce(0, +) / Double(gained.count))
    gained = []
  }

  private func exploit(
    _ size: Int, of known: [(id: Int, past: Explored)], _ request: SelectionRequest,
    preferred: Double
  ) -> [Int] {
    guard size > 0, !known.isEmpty else { return [] }
    let scores = scores(of: known, round: request.round, preferred: preferred)
    let ranked = scores.sorted { ($1.score, $0.id) < ($0.score, $1.id) }
    let bar = settings.cutOff * ranked[min(size, ranked.count) - 1].score
    return WeightedDraw(seed: seed, purpose: "oort exploitation", round: request.draw)
      .draw(size, from: ranked.lazy.prefix { $0.score >= bar }.map { ($0.id, $0.score) })
  }

  /// The scores of explored devices, in order.
  func scores(
    of known: [(id: Int, past: Explored)], round: Int, preferred: Double
  ) -> [(id: Int, score: Double)] {
    let utilities = known.map(\.past.utility).sorted()
    let clip = utilities[min(Int(Double(known.count) * settings.clipping), known.count - 1)]
    // As in the published code, so that the smallest utility does not become zero.
    let least = 0.999 * utilities[0]
    let range = max(utilities[known.count - 1] - least, 1e-4)
    return known.map { id, past in
      let statistical = (min(past.utility, clip) - least) / range
      let confidence = (0.1 * log(Double(round)) / Double(past.lastRound)).squareRoot()
      return (id, (statistical + confidence) * penalty(past.seconds, preferred: preferred))
    }
  }

  /// (T / t)^alpha if t > T, else 1.
  private func penalty(_ seconds: Double, preferred: Double) -> Double {
    seconds > preferred ? pow(preferred / seconds, settings.slownessPenalty) : 1
  }

  /// The record of a device that has taken part.
  struct Explored: Sendable, Codable, Equatable {
    let utility: Double
    let seconds: Double
    /// Starting at 1.
    let lastRound: Int
    let count: Int
  }
}
