/// The processes that shared a run, and the traffic between them, for the manifest.
package struct RankReport: Encodable, Sendable {
  package struct Rank: Encodable, Sendable {
    let host: String
    let workers: Int
    /// The peak memory of the process in bytes; nil if unknown.
    let peakMemory: Int?
    /// The CPU time of all threads.
    let processorSeconds: Double?
    /// The bytes that the rank sent to others than the first; nil if unknown.
    let bytesToOthers: Int?

    package init(
      host: String, workers: Int, peakMemory: Int?, processorSeconds: Double?, bytesToOthers: Int?
    ) {
      self.host = host
      self.workers = workers
      self.peakMemory = peakMemory
      self.processorSeconds = processorSeconds
      self.bytesToOthers = bytesToOthers
    }

    private enum CodingKeys: String, CodingKey {
      case host, workers
      case peakMemory = "peak_memory_bytes"
      case processorSeconds = "processor_s"
      case bytesToOthers = "bytes_to_others"
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

  /// In the order of their numbers; the first ran the simulation.
  let ranks: [Rank]
  /// The total traffic from the first rank to all others and back, by kind.
  let sent: [String: Traffic]
  let received: [String: Traffic]

  package init(ranks: [Rank], sent: [String: Traffic], received: [String: Traffic]) {
    self.ranks = ranks
    self.sent = sent
    self.received = received
  }
}
