/// The traffic between ranks.
package struct RankTraffic: Codable, Sendable {
  package enum Kind: String, Codable, CaseIterable, Sendable {
    /// Versions, once for each rank that needs them.
    case models
    /// Training orders, and the results of clients' training.
    case training
    case tests
    /// Image features.
    case features
    /// Ranges of clients' changes that are added up, and of the sums.
    case sums
    /// Clients' state that moved between ranks or into a checkpoint.
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

  /// From a rank other than 0 to others than rank 0.
  package var bytesToOthers = 0

  mutating func addSent(_ kind: Kind, _ bytes: Int) {
    sent[kind.rawValue, default: Amount()].messages += 1
    sent[kind.rawValue, default: Amount()].bytes += bytes
  }

  mutating func addReceived(_ kind: Kind, _ bytes: Int) {
    received[kind.rawValue, default: Amount()].messages += 1
    received[kind.rawValue, default: Amount()].bytes += bytes
  }
}
