import Adaptation
import Coordination
import DeviceTasks
import Federation
import Fleet
import Scenario

/// The parts that a simulation is wired from, as a scenario asks for them.
///
/// This is the one place that knows which algorithm and which coordinator a scenario's words mean.
package struct SimulationParts {
  package var algorithm: any FederatedAlgorithm
  package var coordinator: any Coordinator

  package init(_ experiment: Experiment, _ settings: MethodSettings, _ adapted: AdaptedModel) {
    algorithm = Self.algorithm(experiment, settings, adapted)
    coordinator = Self.coordinator(experiment.scenario.server)
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
    let (server, strategy) = (scenario.server, scenario.server.strategy)
    let population = experiment.fleet.count
    let mean = AggregationStrategy(server, population: population, seed: seed)
    if let federated = FederatedLoRA(experiment, settings, adapted) {
      return federated.rule.algorithm(
        LoRAStart(federated.lora, of: federated.model, seed: seed),
        mean: federated.rule.takesServerOptimizer ? mean : AggregationStrategy())
    }
    let count = adapted.method.trainable.count
    let parameters =
      scenario.isTimingOnly
      ? [] : adapted.method.initialParameters(of: experiment.model, seed: seed)
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

  private static func coordinator(_ server: ServerSettings) -> any Coordinator {
    if let asynchronous = server.strategy.asynchronous {
      return BufferedCoordinator(
        .init(
          concurrency: asynchronous.concurrency, buffer: asynchronous.buffer,
          mostStale: asynchronous.mostStale, retryAfter: server.retryAfter))
    }
    return RoundCoordinator(
      .init(
        selected: server.selectedPerRound,
        // All of a Poisson sample count, however many they are.
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
    self.init(
      availability: experiment.availability, interruption: scenario.fleet.interruption,
      download: scenario.server.download, upload: scenario.server.upload,
      usesTCP: scenario.server.transport.tcp != nil, seed: scenario.seed,
      tracksBusyDevices: tracksBusyDevices, bandwidth: experiment.fleet.bandwidth,
      outages: experiment.outages)
  }
}
