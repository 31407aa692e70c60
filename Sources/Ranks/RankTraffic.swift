/// What went between ranks.
package struct RankTraffic: Codable, Sendable {
  package enum Kind: String, Codable, CaseIterable, Sendable {
    /// Versions, once for each rank that needs them.
    case models
    /// Orders to train, and what clients' training has brought.
    case training
    case tests
    /// Image features.
    case features
    /// What clients keep, where they moved from one rank to another or into a checkpoint.
    case clientState = "client_state"
    case control
  }

  package struct Amount: Codable, Sendable {
    package var messages = 0
    package var bytes = 0
  }

  /// From rank 0.
  package private(set) var sent: [String: Amount] = [:]
  /// By rank 0.
  package private(set) var received: [String: Amount] = [:]

  mutating func addSent(_ kind: Kind, _ bytes: Int) {
    sent[kind.rawValue, default: Amount()].messages += 1
    sent[kind.rawValue, default: Amount()].bytes += bytes
  }

  mutating func addReceived(_ kind: Kind, _ bytes: Int) {
    received[kind.rawValue, default: Amount()].messages += 1
    received[kind.rawValue, default: Amount()].bytes += bytes
  }
}
