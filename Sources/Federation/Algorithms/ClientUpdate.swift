import Adaptation

/// What a client has made of a version by training.
package struct ClientWork: Sendable {
  package let client: Int
  /// The version that it started from.
  package let base: ServerVersion
  /// What it trained; nil where the method is trained as a whole.
  package let part: TrainedPart?
  /// The trained numbers less those that it started from.
  package let change: [Float]
  /// Its optimizer steps.
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

/// What the server has of a client's work when the client's payload is decoded.
package struct ClientUpdate: Sendable {
  package let work: ClientWork
  /// What the client encoded.
  package let sent: [Float]
  /// The same as the server decoded it.
  package let received: [Float]
  /// Its weight among updates of the same staleness, such as the client's samples.
  package let weight: Double
  /// How many versions the server has made since the one that the client started from.
  package let staleness: Int

  /// - Parameter received: nil where nothing is lost on the way.
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
