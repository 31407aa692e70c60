/// Selects the devices with the highest losses among d devices drawn by their samples
/// (Power-of-Choice: Cho et al., arXiv 2010.01243, section 4).
///
/// This is the paper's variant rpow-d: a device's loss is that of its last training, so requesting
/// it costs nothing. A device that never trained has an infinite loss, and so comes before all that
/// did; ties go to the lower id. A device with insufficient memory will never have a loss, and is
/// not selected again.
public struct PowerOfChoiceSelection: SelectionPolicy {
  /// d; at least the cohort size.
  public let choices: Int
  public let seed: UInt64
  private var losses: [Int: Double] = [:]
  /// Devices with insufficient memory.
  private var unfit: Set<Int> = []

  public init(choices: Int, seed: UInt64) {
    precondition(choices > 0, "a choice needs at least one device")
    self.choices = choices
    self.seed = seed
  }

  public func select(
    _ request: SelectionRequest, among candidates: some Sequence<some SelectionCandidate>
  ) -> [Int] {
    WeightedDraw(seed: seed, purpose: "power of choice", round: request.draw)
      .draw(max(request.size, choices), from: fit(candidates).map { ($0.id, Double($0.samples)) })
      .sorted { (loss(of: $1), $0) < (loss(of: $0), $1) }
      .prefix(request.size).sorted()
  }

  public mutating func observe(_ report: TaskReport) {
    losses[report.client] = report.loss
  }

  public mutating func observeInsufficientMemory(of client: Int) { unfit.insert(client) }

  private func fit<Candidates: Sequence>(
    _ candidates: Candidates
  ) -> some Sequence<Candidates.Element> where Candidates.Element: SelectionCandidate {
    candidates.lazy.filter { !unfit.contains($0.id) }
  }

  private func loss(of client: Int) -> Double { losses[client] ?? .infinity }
}
