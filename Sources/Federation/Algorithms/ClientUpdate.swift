import Adaptation

/// The result of a client's training.
package struct ClientWork: Sendable {
  package let client: Int
  /// The version that training started from.
  package let base: ServerVersion
  /// The trained part; nil if the method is trained as a whole.
  package let part: TrainedPart?
  /// The trained parameters minus the initial ones.
  package let change: [Float]
  /// The number of optimizer steps.
  package let steps: Int

  package init(
    client: Int, base: ServerVersion, part: TrainedPart? = nil, change: [Float], steps: Int = 0
  ) {
    self.client = client
    self.base = base
    self.part = part
    self.change = change
    self.steps = steps
  }
}

/// A client's update after the server has decoded its payload.
package struct ClientUpdate: Sendable {
  package let work: ClientWork
  /// The vector that the client encoded.
  package let sent: [Float]
  /// The vector that the server decoded.
  package let received: [Float]
  /// The weight among updates of equal staleness, such as the client's number of samples.
  package let weight: Double
  /// The number of versions created since the one that the client started from.
  package let staleness: Int

  /// - Parameter received: nil if the encoding is lossless.
  package init(
    _ work: ClientWork, sent: [Float], received: [Float]? = nil, weight: Double = 1,
    staleness: Int = 0
  ) {
    precondition(weight > 0 && staleness >= 0, "an update has a weight, and no later base")
    self.work = work
    self.sent = sent
    self.received = received ?? sent
    self.weight = weight
    self.staleness = staleness
  }

  package var client: Int { work.client }
  package var base: ServerVersion { work.base }
}
