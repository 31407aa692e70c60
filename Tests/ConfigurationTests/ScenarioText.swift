import Configuration

/// A scenario with every kind of value in the simulator's files.
let scenarioText = """
  name: uneven-phones
  seed: 7
  data:
    dataset: fashion-mnist          # fashion-mnist | cifar-10
    train_samples: 12000
    test_samples: all
    partition: { kind: dirichlet, beta: 0.1 }
    prompt: "a photo of a {}."
  training:
    optimizer: adam
    learning_rate: 1.0e-3
    batch_size: 128
  methods:
    - { name: flora, kind: lora, modules: [out_proj], rank: 2, alpha: 32 }
    - { name: fedfft, kind: full, learning_rate: 1.0e-4 }
  fleet:
    devices: 50
    classes:
      - name: flagship
        share: 0.2
        compute: { lognormal: { median: 60 GFLOPS, sigma: 0.5 } }
        memory: 8 GB
        download: 105 Mbps
        rtt: 24 ms
      - { name: budget, share: 0.8, compute: 8GFLOPS, memory: 2 GB, download: 20 Mbps, rtt: 60 ms }
  server:
    rounds: 20
    deadline: none                  # or 10 min
    upload: unlimited
  evaluation: { every: 1, cache: true }
  """

struct Scenario: Equatable {
  enum Dataset: String, CaseIterable {
    case fashionMNIST = "fashion-mnist"
    case cifar10 = "cifar-10"
  }
  enum PartitionKind: String, CaseIterable { case iid, dirichlet, pathological }
  enum Optimizer: String, CaseIterable { case adam, adamw, sgd }
  enum MethodKind: String, CaseIterable { case lora, full }

  struct Training: Equatable {
    var optimizer: Optimizer
    var learningRate: Double
    var batchSize: Int

    init(_ section: ConfigurationSection) {
      optimizer = section.choice("optimizer", default: .adam)
      learningRate = section.number("learning_rate", in: .positive, default: 0.001)
      batchSize = section.integer("batch_size", in: .positive, default: 128)
    }
  }

  struct Method: Equatable {
    var name: String
    var rank: Int?
    var modules: [String] = []
    var training: Training?
  }

  var name: String
  var seed: Int
  var dataset: Dataset
  var trainSamples: Int?
  var partition: PartitionKind
  var methods: [Method]
  var medianSpeeds: [ComputeSpeed]
  var shares: [Double]
  var rounds: Int
  var deadline: Span?
  var upload: DataRate?

  init(_ root: ConfigurationSection) {
    name = root.string("name", example: "uneven-phones")
    seed = root.integer("seed", in: .notNegative, default: 1)
    let data = root.section("data")
    dataset = data.choice("dataset")
    trainSamples = data.optionalInteger("train_samples", in: .positive, none: "all")
    _ = data.optionalInteger("test_samples", in: .positive, none: "all")
    _ = data.string("prompt", default: "a photo of a {}.")
    partition = Self.partition(data.section("partition", isRequired: false))
    let training = root.section("training", unless: "none")
    _ = training.map(Training.init)
    methods = root.sections("methods").map { Self.method($0, training: training) }
    let fleet = root.section("fleet")
    _ = fleet.integer("devices", in: 1...1_000_000_000, example: 50)
    let classes = fleet.sections("classes")
    medianSpeeds = classes.map(Self.deviceClass)
    shares = classes.map { $0.number("share", in: .fraction) }
    let server = root.section("server")
    rounds = server.integer("rounds", in: .positive, example: 20)
    deadline = server.optionalQuantity("deadline", none: "none")
    upload = server.optionalQuantity("upload", none: "unlimited")
    let evaluation = root.section("evaluation", isRequired: false)
    _ = evaluation.integer("every", in: .positive, default: 1)
    _ = evaluation.boolean("cache", default: false)
    if abs(shares.reduce(0, +) - 1) > 1e-9 {
      fleet.fault(at: "classes", "the shares must add up to 1; correct them")
    }
  }

  private static func partition(_ section: ConfigurationSection) -> PartitionKind {
    let kind = section.kind("kind", of: PartitionKind.self, default: .iid)
    switch kind {
    case .iid: break
    case .dirichlet: _ = section.number("beta", in: .positive, example: 0.1)
    case .pathological: _ = section.integer("classes_per_client", in: .positive, example: 2)
    }
    return kind
  }

  private static func method(
    _ section: ConfigurationSection, training: ConfigurationSection?
  ) -> Method {
    var method = Method(name: section.string("name"))
    if section.kind("kind", of: MethodKind.self) == .lora {
      method.rank = section.integer("rank", in: 1...64, example: 2)
      _ = section.number("alpha", in: .positive, default: 32)
      method.modules = section.strings("modules", default: ["out_proj"])
    }
    let options = Training(training.map(section.inheriting) ?? section)
    method.training = training == nil ? nil : options
    return method
  }

  private static func deviceClass(_ section: ConfigurationSection) -> ComputeSpeed {
    _ = section.string("name")
    _ = section.quantity("memory", MemorySize.self)
    _ = section.quantity("download", DataRate.self)
    _ = section.quantity("rtt", Span.self, allowingZero: true)
    guard section.shape(of: "compute") == .section else { return section.quantity("compute") }
    let distribution = section.section("compute").section("lognormal")
    _ = distribution.number("sigma", in: .notNegative)
    return distribution.quantity("median")
  }
}

/// The error lines for the text; empty if it is valid.
func lines<Value>(
  _ text: String, overrides: [String] = [], _ body: (ConfigurationSection) -> Value
) -> [String] {
  do throws(ConfigurationError) {
    _ = try ConfigurationDocument(text: text, name: "s.yaml", overrides: overrides).read(body)
    return []
  } catch {
    return error.faults.map(\.description)
  }
}
