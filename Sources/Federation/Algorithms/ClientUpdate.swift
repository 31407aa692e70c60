import Adaptation
import Tensors

/// The result of a client's training.
package struct ClientWork: Sendable {
  package let client: Int
  /// The version that training started from.
  package let base: ServerVersion
  /// The trained part; nil if the method is trained as a whole.
  package let part: TrainedPart?
  /// The trained parameters minus the initial ones; may be stored elsewhere.
  package let storedChange: StoredVector
  /// The number of optimizer steps.
  package let steps: Int

  package init(
    client: Int, base: ServerVersion, part: TrainedPart? = nil, storedChange: StoredVector,
    steps: Int = 0
  ) {
    self.client = client
    self.base = base
    self.part = part
    self.storedChange = storedChange
    self.steps = steps
  }

  package init(
    client: Int, base: ServerVersion, part: TrainedPart? = nil, change: [Float], steps: Int = 0
  ) {
    self.init(client: client, base: base, part: part, storedChange: .here(change), steps: steps)
  }

  /// The elements of the change.
  package var change: [Float] { storedChange.elements }
}

/// A client's update after the server has decoded its payload.
package struct ClientUpdate: Sendable {
  package let work: ClientWork
  private let storedSent: StoredVector
  /// The vector that the server decoded; may be stored elsewhere.
  package let storedReceived: StoredVector
  /// The weight among updates of equal staleness, such as the client's number of samples.
  package let weight: Double
  /// The number of versions created since the one that the client started from.
  package let staleness: Int

  /// - Parameter received: nil if the encoding is lossless.
  package init(
    _ work: ClientWork, sent: [Float], received: [Float]? = nil, weight: Double = 1,
    staleness: Int = 0
  ) {
    self.init(
      work, .here(sent), .here(received ?? sent), weight: weight, staleness: staleness)
  }

  /// The update of a client that sends its unmodified change without loss.
  package init(sendingChangeOf work: ClientWork, weight: Double = 1, staleness: Int = 0) {
    self.init(
      work, work.storedChange, work.storedChange, weight: weight, staleness: staleness)
  }

  private init(
    _ work: ClientWork, _ sent: StoredVector, _ received: StoredVector, weight: Double,
    staleness: Int
  ) {
    precondition(weight > 0 && staleness >= 0, "an update has a weight, and no later base")
    self.work = work
    storedSent = sent
    storedReceived = received
    self.weight = weight
    self.staleness = staleness
  }

  /// The elements of the vector that the client encoded.
  package var sent: [Float] { storedSent.elements }
  /// The elements of the vector that the server decoded.
  package var received: [Float] { storedReceived.elements }

  package var client: Int { work.client }
  package var base: ServerVersion { work.base }
}
