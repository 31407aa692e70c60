import Adaptation
import Coordination
import DeviceTasks
import Federation
import Fleet
import Scenario

/// The parts of a simulation, as specified by a scenario.
///
/// This is the only place that maps a scenario's settings to algorithms and coordinators.
package struct SimulationParts {
  package var algorithm: any FederatedAlgorithm
  package var coordinator: any Coordinator

  package init(_ experiment: Experiment, _ settings: MethodSettings, _ adapted: AdaptedModel) {
    algorithm = Self.algorithm(experiment, settings, adapted)
    coordinator = Self.coordinator(experiment.scenario.server, seed: experiment.scenario.seed)
  }

  package init(algorithm: any FederatedAlgorithm, coordinator: any Coordinator) {
    self.algorithm = algorithm
    self.coordinator = coordinator
  }

  // MARK: Algorithms

  private static func algorithm(
    _ experiment: Experiment, _ settings: MethodSettings, _ adapted: AdaptedModel
  ) -> any FederatedAlgorithm {
    let strategy = experiment.scenario.server.strategy
    let base = base(experiment, settings, adapted)
    return strategy.kind == .fedprox ? proximal(base, mu: Float(strategy.proximal)) : base
  }

  private static func proximal(
    _ base: some FederatedAlgorithm, mu: Float
  ) -> any FederatedAlgorithm { FedProx(mu: mu, base) }

  private static func base(
    _ experiment: Experiment, _ settings: MethodSettings, _ adapted: AdaptedModel
  ) -> any FederatedAlgorithm {
    let (scenario, seed) = (experiment.scenario, experiment.scenario.seed)
    let server = scenario.server
    let population = experiment.fleet.count
    let mean = AggregationStrategy(server, population: population, seed: seed)
    if let federated = FederatedLoRA(experiment, settings, adapted) {
      let start = LoRAStart(
        federated.lora, of: federated.model, seed: seed,
        correctionPenalty: settings.lora?.correctionPenalty)
      let cloud = federated.rule.algorithm(
        start, mean: federated.rule.takesServerOptimizer ? mean : AggregationStrategy())
      guard let topology = server.topology else { return cloud }
      guard let edge = federated.rule.algorithm(start) as? any EdgeAlgorithm else {
        preconditionFailure("validation rejects rules that edges cannot apply")
      }
      return hierarchical(cloud, edge: edge, count: topology.edges)
    }
    let parameters =
      scenario.isTimingOnly
      ? [] : adapted.method.initialParameters(of: experiment.model, seed: seed)
    guard let parts = try? settings.personalParts(in: adapted.method.trainable) else {
      return tiered(
        server, settings, mean, parameters, count: adapted.method.trainable.count,
        population: population)
    }
    let shared = tiered(
      server, settings, mean, scenario.isTimingOnly ? [] : parts.shared(of: parameters),
      count: parts.sharedCount, population: population)
    return partial(shared, parts, initial: parameters)
  }

  private static func partial(
    _ shared: some FederatedAlgorithm, _ parts: PersonalParts, initial: [Float]
  ) -> any FederatedAlgorithm { PartialSharing(shared, parts, initial: initial) }

  /// The algorithm of a method without its own aggregation rule, with or without edges.
  private static func tiered(
    _ server: ServerSettings, _ settings: MethodSettings, _ mean: AggregationStrategy,
    _ parameters: [Float], count: Int, population: Int
  ) -> any FederatedAlgorithm {
    let algorithm = algorithm(
      server, server.strategy, settings, mean, parameters, count: count, population: population)
    guard let topology = server.topology else { return algorithm }
    if topology.edge.asynchronous != nil {
      return hierarchical(
        algorithm, edge: FedBuff(parameters: parameters, count: count), count: topology.edges)
    }
    return hierarchical(
      algorithm,
      edge: FederatedAveraging(parameters: parameters, count: count, AggregationStrategy()),
      count: topology.edges)
  }

  private static func hierarchical(
    _ cloud: some FederatedAlgorithm, edge: some EdgeAlgorithm, count: Int
  ) -> any FederatedAlgorithm { HierarchicalAveraging(cloud, edge: edge, count: count) }

  /// The same without edges.
  private static func algorithm(
    _ server: ServerSettings, _ strategy: StrategySettings, _ settings: MethodSettings,
    _ mean: AggregationStrategy, _ parameters: [Float], count: Int, population: Int
  ) -> any FederatedAlgorithm {
    switch strategy.kind {
    case .scaffold:
      guard case .fedAvg(let optimizer) = strategy.optimizer else {
        preconditionFailure("scaffold's server takes plain steps")
      }
      return Scaffold(
        parameters: parameters, count: count, clients: population,
        learningRate: optimizer.learningRate,
        clientLearningRate: Float(settings.training.optimizer.learningRate))
    case .fedbuff:
      return FedBuff(
        parameters: parameters, count: count, optimizer: strategy.optimizer,
        staleness: strategy.asynchronous!.staleness)
    case .fedasync:
      return FedAsync(
        parameters: parameters, count: count, mixing: Float(strategy.asynchronous!.mixing!),
        staleness: strategy.asynchronous!.staleness)
    case .fedavg, .fedavgm, .fedadagrad, .fedadam, .fedyogi, .fedprox:
      return FederatedAveraging(parameters: parameters, count: count, mean)
    }
  }

  // MARK: Coordinators

  private static func coordinator(_ server: ServerSettings, seed: UInt64) -> any Coordinator {
    guard let topology = server.topology else {
      if let asynchronous = server.strategy.asynchronous {
        return buffered(
          server, concurrency: asynchronous.concurrency, buffer: asynchronous.buffer,
          mostStale: asynchronous.mostStale)
      }
      return rounds(server)
    }
    func edges(_ inner: some Coordinator, tasksPerVersion: Int, wait: Bool) -> any Coordinator {
      let cloud = server.strategy.asynchronous
      return EdgeCoordinator(
        EdgeRules(
          edges: topology.edges, roundsPerEdge: topology.roundsPerEdge, edgesWait: wait,
          buffer: cloud?.buffer, mostStale: cloud?.mostStale,
          failures: .init(
            probability: topology.edge.dropout, restart: topology.edge.restart,
            tasksPerVersion: tasksPerVersion, seed: seed)), edgesWith: inner)
    }
    if let asynchronous = topology.edge.asynchronous {
      let inner = buffered(
        server, concurrency: asynchronous.concurrency, buffer: asynchronous.buffer,
        mostStale: asynchronous.mostStale)
      return edges(inner, tasksPerVersion: asynchronous.buffer, wait: false)
    }
    return edges(rounds(server), tasksPerVersion: server.cohort, wait: true)
  }

  private static func buffered(
    _ server: ServerSettings, concurrency: Int, buffer: Int, mostStale: Int?
  ) -> BufferedCoordinator {
    BufferedCoordinator(
      .init(
        concurrency: concurrency, buffer: buffer, mostStale: mostStale,
        retryAfter: server.retryAfter))
  }

  private static func rounds(_ server: ServerSettings) -> RoundCoordinator {
    RoundCoordinator(
      .init(
        selected: server.selectedPerRound,
        // All updates of a Poisson sample count, whatever their number.
        awaited: server.privacy?.sampling == .poisson ? nil : server.cohort,
        deadline: server.deadline, endsAtDeadline: server.roundEnd == .deadline,
        keepsLateUpdates: server.late == .kept, retryAfter: server.retryAfter))
  }
}

extension AggregationStrategy {
  init(_ server: ServerSettings, population: Int, seed: UInt64) {
    self.init(
      server.strategy.optimizer,
      privacy: server.privacy.map { PrivateMean($0, server, population: population, seed: seed) })
  }
}

extension PrivateMean {
  init(_ privacy: PrivacySettings, _ server: ServerSettings, population: Int, seed: UInt64) {
    self.init(
      clippingNorm: privacy.clip, noiseMultiplier: privacy.noise,
      expectedCohort: Double(min(server.cohort, population)), seed: seed)
  }
}

extension UpdateTransport {
  init(_ server: ServerSettings) {
    self.init(
      server.compression.codec, hasErrorFeedback: server.compression.hasErrorFeedback,
      secureAggregation: server.secureAggregation.map {
        SecureAggregation(bits: $0.bits, neighbours: $0.neighbours)
      })
  }
}

extension TaskEngine.Environment {
  package init(_ experiment: Experiment, tracksBusyDevices: Bool) {
    let scenario = experiment.scenario
    let edge = scenario.server.topology?.edge
    self.init(
      availability: experiment.availability, interruption: scenario.fleet.interruption,
      download: edge?.download ?? scenario.server.download,
      upload: edge?.upload ?? scenario.server.upload, links: experiment.edges?.count ?? 1,
      usesTCP: scenario.server.transport.tcp != nil, seed: scenario.seed,
      tracksBusyDevices: tracksBusyDevices, bandwidth: experiment.fleet.bandwidth,
      outages: experiment.outages)
  }
}
