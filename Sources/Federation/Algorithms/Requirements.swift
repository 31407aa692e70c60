/// What one part of a federation needs of how updates are made, sent and counted, and what it rules out.
///
/// Two parts go together where neither rules out what the other needs. Algorithms, coordinators, selections, codecs,
/// privacy and secure aggregation each declare their own side; scenarios compare them.
package struct Requirements: Sendable, Equatable {
  /// What a part may need or rule out; of a pair that differs in several, the first is reported.
  package enum Property: CaseIterable, Sendable {
    /// Versions that are made in rounds, each of the updates of one cohort.
    case rounds
    /// One vector from each client.
    case singleVector
    /// Clients that step along gradients.
    case gradientSteps
    /// Each client's update by itself, and not only the weighted sum of all.
    case individualUpdates
    /// A mean that is the next version as it is, without an optimizer's step or noise.
    case plainMean
    /// Updates that all started from the current version.
    case currentVersion
    /// Updates with all of their bits.
    case uncompressedUpdates
    /// The same numbers in every update.
    case sameNumbers
    /// A uniformly random sample of the devices in each round, at a known rate.
    case uniformSample
    /// Updates each of which counts or not whichever other devices were sampled.
    case independentUpdates
    /// The losses of clients that have trained.
    case losses
    /// Clients' own updates at the server that makes the version, and not the means that edges make of them.
    case directUpdates
  }

  /// Why a part rules a property out, and what to write instead.
  package struct Obstacle: Sendable, Equatable {
    package let reason: String
    package let suggestion: String

    package init(reason: String, suggestion: String) {
      self.reason = reason
      self.suggestion = suggestion
    }
  }

  /// Each with the clause that says why.
  package var needs: [Property: String] = [:]
  package var rulesOut: [Property: Obstacle] = [:]

  package init() {}

  package init(_ declare: (inout Self) -> Void) { declare(&self) }

  /// Those of a LoRA's aggregation rule, beside what it declares itself.
  ///
  /// - Parameters:
  ///   - name: as scenarios write it.
  ///   - takesMeans: whether a mean of clients' LoRAs is aggregated as a client's is.
  ///   - hasOwnMean: whether the mean is the next version as it is.
  static func loraRule(
    _ name: String, takesMeans: Bool = false, hasOwnMean: Bool = false,
    _ declare: (inout Self) -> Void = { _ in }
  ) -> Self {
    Self {
      let rounds = "\(name) is a rule for rounds of one vector each"
      $0.needs[.rounds] = rounds
      $0.needs[.singleVector] = rounds
      if hasOwnMean {
        $0.needs[.plainMean] =
          "\(name) computes its own mean, to which no server optimizer or noise can be applied"
      }
      if !takesMeans {
        $0.needs[.directUpdates] = "\(name) aggregates the updates of clients themselves"
      }
      declare(&$0)
    }
  }
}
