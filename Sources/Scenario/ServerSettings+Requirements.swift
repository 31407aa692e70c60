import Federation
import Fleet
import Tensors

/// The requirements of one part of a scenario, and its location in the file.
@dynamicMemberLookup
struct PlacedRequirements {
  /// The location of the part in the file.
  enum Place {
    /// This key of `server`.
    case server(String)
    /// The method with this name.
    case method(String)
    case training
  }

  let place: Place
  private var declared: Requirements

  init(_ place: Place, _ declared: Requirements = Requirements()) {
    self.place = place
    self.declared = declared
  }

  subscript<Value>(dynamicMember path: WritableKeyPath<Requirements, Value>) -> Value {
    get { declared[keyPath: path] }
    set { declared[keyPath: path] = newValue }
  }

  /// A conflict between two parts.
  struct Conflict {
    /// The key of `server` that is responsible; nil for `methods`.
    let serverKey: String?
    let sentence: String
  }

  /// One conflict for each pair in which one part needs what the other rules out.
  static func conflicts(among parts: [PlacedRequirements]) -> [Conflict] {
    parts.indices.flatMap { index in
      parts[(index + 1)...].compactMap { parts[index].conflict(with: $0) }
    }
  }

  private func conflict(with other: PlacedRequirements) -> Conflict? {
    for property in Requirements.Property.allCases {
      for (part, other) in [(self, other), (other, self)] {
        guard let need = part.needs[property], let obstacle = other.rulesOut[property] else {
          continue
        }
        let sentence = "\(need), but \(obstacle.reason); \(obstacle.suggestion)"
        switch (part.place, other.place) {
        case (.method(let name), _), (_, .method(let name)):
          return Conflict(serverKey: nil, sentence: "\(name): \(sentence)")
        case (_, .server(let key)), (.server(let key), _):
          return Conflict(serverKey: key, sentence: sentence)
        case (.training, .training): continue
        }
      }
    }
    return nil
  }
}

extension Scenario {
  /// The requirements of all parts of the scenario.
  var requirements: [PlacedRequirements] {
    var training = PlacedRequirements(.training)
    if isTimingOnly {
      training.rulesOut[.losses] = Requirements.Obstacle(
        reason:
          "a timing-only run computes none, so that its cohorts and events would not be those of a run that trains",
        suggestion: "choose another selection, or write training: { mode: train }")
    }
    return [training] + server.requirements(in: fleet) + methods.map(\.requirements)
  }
}

extension ServerSettings {
  fileprivate func requirements(in fleet: FleetSettings) -> [PlacedRequirements] {
    [
      strategy.requirements, selection.requirements, compression.requirements, lateness,
      overSelecting, sharing(in: fleet),
    ]
      + [privacy?.requirements, secureAggregation?.requirements, topology?.requirements]
      .compactMap { $0 }
  }

  private var lateness: PlacedRequirements {
    var late = PlacedRequirements(.server("late"))
    if self.late == .kept, !selectsContinuously {
      late.rulesOut[.currentVersion] = Requirements.Obstacle(
        reason: "late: kept counts updates from earlier versions too",
        suggestion: "write late: discarded")
    }
    return late
  }

  private var overSelecting: PlacedRequirements {
    var selecting = PlacedRequirements(.server("over_selection"))
    if overSelection > 1 {
      selecting.rulesOut[.uniformSample] = Requirements.Obstacle(
        reason: "over_selection counts only the updates that arrive first",
        suggestion: "remove over_selection")
    }
    return selecting
  }

  /// A shared server link: the duration of a transfer depends on the others.
  private func sharing(in fleet: FleetSettings) -> PlacedRequirements {
    var link = PlacedRequirements(.server(download == nil ? "upload" : "download"))
    guard download != nil || upload != nil else { return link }
    var effects: [String] = []
    if deadline != nil { effects.append("which updates meet the deadline") }
    let isAtRisk = fleet.classes.contains {
      download != nil && $0.hazard.download > 0 || upload != nil && $0.hazard.upload > 0
    }
    if isAtRisk { effects.append("which transfers the hazard ends") }
    if case .always = fleet.availability {
    } else if fleet.interruption == .fail {
      effects.append("which transfers outlast a session")
    }
    if fleet.outages != nil { effects.append("which transfers end before an outage") }
    guard !effects.isEmpty else { return link }
    link.rulesOut[.independentUpdates] = Requirements.Obstacle(
      reason:
        "on the server's limited link, \(effects.joined(separator: ", and ")) depends on the other transfers",
      suggestion: "remove server.download and server.upload")
    return link
  }
}

extension StrategySettings {
  fileprivate var requirements: PlacedRequirements {
    var strategy = PlacedRequirements(.server("strategy"), algorithm)
    if asynchronous != nil {
      strategy.rulesOut[.rounds] = Requirements.Obstacle(
        reason: "\(kind.rawValue) makes versions as updates arrive",
        suggestion: "choose another strategy")
    }
    if optimizer != .fedAvg(FedAvg()) {
      strategy.rulesOut[.plainMean] = Requirements.Obstacle(
        reason: "\(kind.rawValue) applies its own step to the mean",
        suggestion: "choose fedavg with a learning rate of 1")
    }
    return strategy
  }

  private var algorithm: Requirements {
    switch kind {
    case .scaffold: Scaffold.requirements
    case .fedbuff: FedBuff.requirements
    case .fedasync: FedAsync.requirements
    case .fedavg, .fedavgm, .fedadagrad, .fedadam, .fedyogi, .fedprox:
      FederatedAveraging.requirements
    }
  }
}

extension SelectionSettings {
  fileprivate var requirements: PlacedRequirements {
    var selection = PlacedRequirements(.server("selection"))
    if let word {
      selection.rulesOut[.uniformSample] = Requirements.Obstacle(
        reason: "selection: \(word) does not sample all devices with equal probability",
        suggestion: "write selection: random")
    }
    switch self {
    case .powerOfChoice, .oort:
      selection.needs[.losses] = "\(word ?? "") selects by the losses of earlier updates"
    case .random, .available, .samples, .classes, .resources: break
    }
    return selection
  }

  /// The name of a non-random selection policy; nil for a random one.
  private var word: String? {
    switch self {
    case .random: nil
    case .available: "available"
    case .samples: "samples"
    case .classes: "device-classes"
    case .powerOfChoice: "power-of-choice"
    case .oort: "oort"
    case .resources: "resources"
    }
  }
}

extension CompressionSettings {
  fileprivate var requirements: PlacedRequirements {
    var compression = PlacedRequirements(.server("compression"))
    if codec != .float32 {
      compression.rulesOut[.uncompressedUpdates] = Requirements.Obstacle(
        reason: "compression changes them", suggestion: "remove the key")
    }
    if hasErrorFeedback {
      compression.needs[.sameNumbers] =
        "error feedback adds the compression error to the same parameters of the next update"
    }
    return compression
  }
}

extension PrivacySettings {
  /// The requirements, which are the same for both sampling schemes.
  fileprivate var requirements: PlacedRequirements {
    var privacy = PlacedRequirements(.server("privacy"))
    let oneEach = "privacy's accountant assumes rounds of one update each"
    privacy.needs = [
      .rounds: oneEach, .singleVector: oneEach,
      .individualUpdates: "privacy clips each client's update at the server",
      .directUpdates: "privacy clips each client's update at the server",
      .currentVersion:
        "privacy's accountant counts a device once for a version, in the round that sampled it",
      .uniformSample:
        "privacy's accountant assumes one uniformly random sample of the devices in each round",
      .independentUpdates:
        "privacy's accountant assumes that no update depends on who else was sampled",
    ]
    privacy.rulesOut[.plainMean] = Requirements.Obstacle(
      reason: "privacy adds noise to the mean", suggestion: "remove privacy")
    return privacy
  }
}

extension SecureAggregationSettings {
  fileprivate var requirements: PlacedRequirements {
    var masking = PlacedRequirements(.server("secure_aggregation"))
    let cancelling =
      "the masks of secure aggregation cancel only in the sum over one round's cohort"
    masking.needs = [
      .rounds: cancelling, .currentVersion: cancelling, .directUpdates: cancelling,
      .uncompressedUpdates: "masked vectors cannot be compressed",
    ]
    masking.rulesOut[.individualUpdates] = Requirements.Obstacle(
      reason: "secure aggregation shows the server only the sum of all updates",
      suggestion: "remove secure_aggregation")
    return masking
  }
}

extension TopologySettings {
  fileprivate var requirements: PlacedRequirements {
    var topology = PlacedRequirements(.server("topology"))
    topology.rulesOut[.directUpdates] = Requirements.Obstacle(
      reason: "with a topology, the cloud only receives the edges' means",
      suggestion: "remove topology")
    if edge.asynchronous != nil {
      topology.rulesOut[.rounds] = Requirements.Obstacle(
        reason: "asynchronous edges make versions as updates arrive",
        suggestion: "write mode: synchronous")
    }
    return topology
  }
}

extension MethodSettings {
  fileprivate var requirements: PlacedRequirements {
    var method = PlacedRequirements(
      .method(name), lora?.aggregation?.requirements ?? Requirements())
    if training.optimizer.kind != .sgd {
      method.rulesOut[.gradientSteps] = Requirements.Obstacle(
        reason: "\(training.optimizer.kind.rawValue) does not step along the gradients",
        suggestion: "write optimizer: sgd")
    }
    return method
  }
}
