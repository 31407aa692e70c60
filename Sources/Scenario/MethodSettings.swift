import Adaptation
import Configuration
import Tensors

/// A method to compare: what is trained, and how.
public struct MethodSettings: Sendable, Codable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Low-rank factors on chosen linear layers, and every parameter.
    case lora, full
    /// Low-rank factors whose rank and alpha are each device class's own.
    case dylora
    /// A linear classifier on image features, alone or with the vision model below it.
    case fedlc, fedvmlc
    /// A gate, or a bottleneck, on image features.
    case fedaa, fedca
    /// Context vectors in place of the prompts' words.
    case fedprompt

    /// Whether images are scored by a classifier, which has a loss of its own.
    var hasClassifier: Bool { self == .fedlc || self == .fedvmlc }
  }

  /// What the tables and folders call it.
  public var name: String
  public var kind: Kind
  /// The low-rank factors of a `lora` that starts from the base; nil for others.
  public var lora: LoRASettings?
  /// The folder of the PEFT adapter that a `lora` starts from, relative to the scenario's; nil for
  /// others.
  public var start: String?
  /// How many context vectors a `fedprompt` draws; nil where they start as the words before the class,
  /// and for others.
  public var context: Int?
  /// The scenario's training with the method's own keys in it.
  public var training: LocalTraining
  /// The training of device classes that have settings of their own.
  public var classTraining: [ClassTraining]

  /// How the devices of one class train.
  public struct ClassTraining: Sendable, Codable {
    public var deviceClass: String
    public var batchSize: Int
    public var techniques: TrainingTechniques
  }

  /// - Parameter training: the scenario's section, or nil where it is `none`; the method's own keys go
  ///   before it.
  init(_ section: ConfigurationSection, training: ConfigurationSection?) {
    name = section.string("name", example: "flora")
    if name.contains(where: { $0 == "/" || $0 == "," || $0.isWhitespace }) || name.hasPrefix(".") {
      section.fault(
        at: "name",
        "the name becomes a folder, so it cannot contain white space, commas, slashes or a leading dot; write, for example, flora"
      )
    }
    if name.utf8.count > Scenario.longestName {
      section.fault(
        at: "name",
        "the name becomes a folder, so it has at most \(Scenario.longestName) bytes; write, for example, flora"
      )
    }
    kind = section.kind("kind", of: Kind.self)
    if kind == .dylora {
      lora = LoRASettings(section, rule: .dylora)
    }
    if kind == .lora {
      start = section.optionalString("start", example: "results/quickstart/adapters/flora")
      if start != nil { LoRASettings.refuse(section) }
      lora = start == nil ? LoRASettings(section) : nil
    }
    if kind == .fedprompt {
      context = section.optionalInteger("context", in: 1...1000, example: 4)
    }
    let inherited = training.map { section.inheriting(from: $0) } ?? section
    self.training = LocalTraining(inherited)
    classTraining = section.sections("device_classes", isRequired: false).map {
      [training = self.training] in ClassTraining($0, training)
    }
    if let rule = lora?.aggregation, rule.addsToBase {
      let forms = [self.training.techniques] + classTraining.map(\.techniques)
      if let form = forms.map(\.basePrecision).first(where: { $0 != .float32 }) {
        section.fault(
          at: "aggregation",
          "\(rule.rawValue) adds to the base model's weights, which base_precision: \(form.rawValue) rounds; write base_precision: float32 for the method, or another aggregation"
        )
      }
    }
    if kind.hasClassifier {
      if section.has("loss"), self.training.loss != .classification {
        section.fault(
          at: "loss",
          "a \(kind.rawValue) is trained with the cross-entropy of its classifier; remove the loss or write classification"
        )
      }
      self.training.loss = .classification
    }
  }

  /// How the devices of a class train.
  package func training(ofClass name: String) -> LocalTraining {
    guard let own = classTraining.first(where: { $0.deviceClass == name }) else { return training }
    var training = training
    training.batchSize = own.batchSize
    training.techniques = own.techniques
    return training
  }

  /// A sentence for each class with settings of its own that the fleet does not have, or that has them twice.
  func faults(in fleet: FleetSettings) -> [String] {
    let names = fleet.classes.map(\.name)
    let own = classTraining.map(\.deviceClass)
    let unknown = own.filter { !names.contains($0) }.map {
      "no device class is called \"\($0)\"; the classes are \(names.joined(separator: ", "))"
    }
    let repeated = Set(own.filter { name in own.count { $0 == name } > 1 }).sorted().map {
      "device_classes has \"\($0)\" twice; write one element for each class"
    }
    return unknown + repeated + (lora?.faults(in: fleet) ?? [])
  }
}

extension MethodSettings.ClassTraining {
  /// - Parameter training: what holds for keys that are left out.
  init(_ section: ConfigurationSection, _ training: LocalTraining) {
    self.init(
      deviceClass: section.string("class", example: "slow"),
      batchSize: section.integer("batch_size", in: 1...1_000_000, default: training.batchSize),
      techniques: TrainingTechniques(section, training.techniques))
  }
}

extension TrainingTechniques {
  /// - Parameter defaults: what holds for keys that are left out.
  init(_ section: ConfigurationSection, _ defaults: TrainingTechniques = TrainingTechniques()) {
    self.init(
      precision: section.choice("precision", default: defaults.precision),
      basePrecision: section.choice("base_precision", default: defaults.basePrecision),
      checkpointing: section.choice("checkpointing", default: defaults.checkpointing),
      microBatch: section.optionalInteger("micro_batch", in: 1...1_000_000, example: 8)
        ?? defaults.microBatch)
  }
}

extension LocalTraining {
  init(_ section: ConfigurationSection) {
    self.init(
      loss: section.choice("loss", default: .contrastive),
      optimizer: Optimizer(
        kind: section.choice("optimizer", default: .adam),
        learningRate: section.number("learning_rate", in: 1e-12...1e3, default: 5e-5),
        beta1: section.number("beta1", in: 0...0.999999, default: 0.9),
        beta2: section.number("beta2", in: 0...0.999999999, default: 0.98),
        epsilon: section.number("epsilon", in: 1e-16...1, default: 1e-6),
        weightDecay: section.number("weight_decay", in: 0...1e3, default: 0.2)),
      batchSize: section.integer("batch_size", in: 1...1_000_000, default: 128),
      localEpochs: section.integer("local_epochs", in: 1...100_000, default: 1),
      optimizerState: section.choice("optimizer_state", default: .fresh),
      techniques: TrainingTechniques(section))
  }
}
