/// What one part of a federation needs from the way updates are created, sent and aggregated, and
/// what it rules out.
///
/// Two parts are compatible if neither rules out what the other needs. Algorithms, coordinators,
/// selection policies, codecs, privacy and secure aggregation each declare their own requirements;
/// scenarios compare them.
package struct Requirements: Sendable, Equatable {
  /// A property that a part may need or rule out; of several conflicts between two parts, the first
  /// is reported.
  package enum Property: CaseIterable, Sendable {
    /// Versions are created in rounds, each from the updates of one cohort.
    case rounds
    /// Each client sends a single vector.
    case singleVector
    /// Clients take gradient steps.
    case gradientSteps
    /// Each client's update is visible, not only the weighted sum.
    case individualUpdates
    /// The mean is the next version, without an optimizer step or noise.
    case plainMean
    /// All updates start from the current version.
    case currentVersion
    /// Updates are uncompressed.
    case uncompressedUpdates
    /// All updates contain the same parameters.
    case sameNumbers
    /// Each round uses a uniformly random sample of the devices at a known rate.
    case uniformSample
    /// Whether an update counts is independent of which other devices were sampled.
    case independentUpdates
    /// The losses of clients are available after training.
    case losses
    /// The server that creates the version receives clients' own updates, not edges' means.
    case directUpdates
  }

  /// Why a part rules a property out, and a suggestion.
  package struct Obstacle: Sendable, Equatable {
    package let reason: String
    package let suggestion: String

    package init(reason: String, suggestion: String) {
      self.reason = reason
      self.suggestion = suggestion
    }
  }

  /// The needed properties, each with a clause that states the reason.
  package var needs: [Property: String] = [:]
  package var rulesOut: [Property: Obstacle] = [:]

  package init() {}

  package init(_ declare: (inout Self) -> Void) { declare(&self) }

  /// The requirements of a LoRA aggregation rule beyond those that it declares itself.
  ///
  /// - Parameters:
  ///   - name: its name in scenarios.
  ///   - takesMeans: whether it accepts the mean of clients' LoRAs as a client's LoRA.
  ///   - hasOwnMean: whether the mean is the next version without further steps.
  static func loraRule(
    _ name: String, takesMeans: Bool = false, hasOwnMean: Bool = false,
    _ declare: (inout Self) -> Void = { _ in }
  ) -> Self {
    Self {
      let rounds = "\(name) needs rounds in which each client sends one vector"
      $0.needs[.rounds] = rounds
      $0.needs[.singleVector] = rounds
      if hasOwnMean {
        $0.needs[.plainMean] =
          "\(name) computes its own mean, to which no server optimizer or noise can be applied"
      }
      if !takesMeans {
        $0.needs[.directUpdates] = "\(name) aggregates individual client updates"
      }
      declare(&$0)
    }
  }
}
