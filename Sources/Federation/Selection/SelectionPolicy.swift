/// A request to a selection policy.
public struct SelectionRequest: Sendable, Equatable {
  /// The number of devices to select.
  public var size: Int
  /// The 1-based round for which the server selects: the number of the version that it creates
  /// next.
  public var round: Int
  /// Distinguishes the random draws from those of other requests; in synchronous mode, the round.
  public var draw: Int
  /// Whether slots are filled continuously as they become free, as by an asynchronous server.
  /// Shares of slots then refer to all requests; otherwise, to each cohort.
  public var isStream: Bool

  /// - Parameter draw: defaults to the round.
  public init(size: Int, round: Int, draw: Int? = nil, isStream: Bool = false) {
    self.size = size
    self.round = round
    self.draw = draw ?? round
    self.isStream = isStream
  }
}

/// How the server selects among the devices that it can reach.
public protocol SelectionPolicy: Sendable, Codable, Equatable {
  /// Selects up to the requested number of distinct devices, fewer if there are not enough.
  ///
  /// - Parameters:
  ///   - request: the round must not decrease between requests.
  ///   - candidates: distinct devices in random order, such as that of `ClientSelector.candidates`;
  ///     a policy stops reading as soon as it can decide.
  /// - Returns: the ids in ascending order.
  mutating func select(
    _ request: SelectionRequest, among candidates: some Sequence<some SelectionCandidate>
  ) -> [Int]

  /// Records a completed task.
  mutating func observe(_ report: TaskReport)

  /// Records that a selected device has insufficient memory for a task.
  mutating func observeInsufficientMemory(of client: Int)
}

extension SelectionPolicy {
  public mutating func observe(_ report: TaskReport) {}
  public mutating func observeInsufficientMemory(of client: Int) {}
}
