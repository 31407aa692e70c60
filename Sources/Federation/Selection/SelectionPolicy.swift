/// What the server asks a selection policy for.
public struct SelectionRequest: Sendable, Equatable {
  /// How many devices are wanted.
  public var size: Int
  /// The round, from 1, for which the server selects: the number of the version that it makes next.
  public var round: Int
  /// Tells the random draws from those of other requests; in rounds, the round.
  public var draw: Int
  /// Whether the places are filled one after the other as they fall free, as an asynchronous server does it: a
  /// share of them then is a share of all requests, where otherwise it is one of each cohort.
  public var isStream: Bool

  /// - Parameter draw: left out, the round.
  public init(size: Int, round: Int, draw: Int? = nil, isStream: Bool = false) {
    self.size = size
    self.round = round
    self.draw = draw ?? round
    self.isStream = isStream
  }
}

/// How the server picks devices among those that it can reach.
public protocol SelectionPolicy: Sendable, Codable, Equatable {
  /// Picks at most as many different devices as are wanted, fewer where there are not as many.
  ///
  /// - Parameters:
  ///   - request: later requests have later rounds, or the same again.
  ///   - candidates: different devices in an order that is random already, such as that of
  ///     `ClientSelector.candidates`; a policy that can decide early does not read on.
  /// - Returns: the ids in ascending order.
  mutating func select(
    _ request: SelectionRequest, among candidates: some Sequence<some SelectionCandidate>
  ) -> [Int]

  /// Takes note of a task that was completed.
  mutating func observe(_ report: TaskReport)

  /// Takes note of a device that has been asked, and has insufficient memory for a task.
  mutating func observeInsufficientMemory(of client: Int)
}

extension SelectionPolicy {
  public mutating func observe(_ report: TaskReport) {}
  public mutating func observeInsufficientMemory(of client: Int) {}
}
