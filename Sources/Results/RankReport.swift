/// The processes that shared a run, and what went between them, as the manifest has it.
package struct RankReport: Encodable, Sendable {
  package struct Rank: Encodable, Sendable {
    let host: String
    let workers: Int
    /// The most memory that the process held, in bytes; nil where it did not say.
    let peakMemory: Int?
    /// Of all its threads.
    let processorSeconds: Double?

    package init(host: String, workers: Int, peakMemory: Int?, processorSeconds: Double?) {
      self.host = host
      self.workers = workers
      self.peakMemory = peakMemory
      self.processorSeconds = processorSeconds
    }

    private enum CodingKeys: String, CodingKey {
      case host, workers
      case peakMemory = "peak_memory_bytes"
      case processorSeconds = "processor_s"
    }
  }

  package struct Traffic: Encodable, Sendable {
    let messages: Int
    let bytes: Int

    package init(messages: Int, bytes: Int) {
      self.messages = messages
      self.bytes = bytes
    }
  }

  /// By number; the first is the one that ran the simulation.
  let ranks: [Rank]
  /// What the first rank sent to all others together, and received, by kind.
  let sent: [String: Traffic]
  let received: [String: Traffic]

  package init(ranks: [Rank], sent: [String: Traffic], received: [String: Traffic]) {
    self.ranks = ranks
    self.sent = sent
    self.received = received
  }
}
