import Configuration
import Federation

/// How the server aggregates updates into its next version.
public struct StrategySettings: Sendable, Encodable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case fedavg, fedavgm, fedadagrad, fedadam, fedyogi, fedprox, scaffold, fedbuff, fedasync
  }

  /// An asynchronous server, which keeps a fixed number of tasks in flight and creates versions as
  /// updates arrive.
  public struct Asynchronous: Sendable, Encodable {
    /// The number of tasks in flight.
    public var concurrency: Int
    public var staleness: StalenessWeight
    /// The maximum staleness in versions, after which an update is discarded; nil for no limit.
    public var mostStale: Int?
    /// The number of updates per version; 1 for FedAsync.
    public var buffer: Int
    /// FedAsync's mixing weight of an update in the next version.
    public var mixing: Double?
  }

  public var kind: Kind
  /// The server optimizer, applied to the mean update.
  public var optimizer: ServerOptimizer
  /// The weight of FedProx's proximal term; 0 for none.
  public var proximal: Double
  /// Nil for a synchronous server.
  public var asynchronous: Asynchronous?

  init(_ section: ConfigurationSection, cohort: Int) {
    kind = section.kind("kind", default: .fedavg)
    let isAdaptive = [.fedadagrad, .fedadam, .fedyogi].contains(kind)
    let rate =
      kind == .fedasync
      ? 1
      : Float(section.number("learning_rate", in: 1e-9...1e3, default: isAdaptive ? 0.01 : 1))
    func share(_ key: String, _ standard: Double) -> Float {
      Float(section.number(key, in: 0...0.999999, default: standard))
    }
    func tau() -> Float { Float(section.number("tau", in: 1e-12...1e3, default: 1e-3)) }
    optimizer =
      switch kind {
      case .fedavg, .fedprox, .scaffold, .fedbuff, .fedasync: .fedAvg(FedAvg(learningRate: rate))
      case .fedavgm:
        .fedAvgM(FedAvgM(learningRate: rate, momentum: share("momentum", 0.9)))
      case .fedadagrad:
        .fedAdagrad(FedAdagrad(learningRate: rate, beta1: share("beta1", 0), tau: tau()))
      case .fedadam:
        .fedAdam(
          FedAdam(
            learningRate: rate, beta1: share("beta1", 0.9), beta2: share("beta2", 0.99),
            tau: tau()))
      case .fedyogi:
        .fedYogi(
          FedYogi(
            learningRate: rate, beta1: share("beta1", 0.9), beta2: share("beta2", 0.99),
            tau: tau()))
      }
    proximal = kind == .fedprox ? section.number("mu", in: 0...1e6, default: 0.01) : 0
    guard kind == .fedbuff || kind == .fedasync else { return }
    asynchronous = Asynchronous(
      concurrency: section.integer("concurrency", in: 1...1_000_000_000, default: cohort),
      staleness: section.has("staleness")
        ? StalenessWeight(section.section("staleness", naming: "kind"))
        : kind == .fedbuff ? .inverseSquareRoot : .polynomial(exponent: 0.5),
      mostStale: section.has("most_stale")
        ? section.integer("most_stale", in: 0...1_000_000_000) : nil,
      buffer: kind == .fedbuff ? section.integer("buffer", in: 1...1_000_000_000, example: 10) : 1,
      mixing: kind == .fedasync ? section.number("mixing", in: 1e-6...1, default: 0.6) : nil)
  }
}

extension StalenessWeight {
  private enum Kind: String, CaseIterable {
    case constant, polynomial, hinge
    case inverseSquareRoot = "inverse-square-root"
  }

  init(_ section: ConfigurationSection) {
    switch section.kind("kind", of: Kind.self) {
    case .constant: self = .constant
    case .inverseSquareRoot: self = .inverseSquareRoot
    case .polynomial:
      self = .polynomial(exponent: section.number("exponent", in: 0...100, default: 0.5))
    case .hinge:
      self = .hinge(
        slope: section.number("slope", in: 1e-6...1e6, default: 10),
        grace: section.integer("grace", in: 0...1_000_000, default: 4))
    }
  }
}
