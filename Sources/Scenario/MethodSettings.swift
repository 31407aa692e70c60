import Adaptation
import CLIP
import Configuration
import Tensors

/// A method to compare: which parameters it trains, and how.
public struct MethodSettings: Sendable, Codable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Low-rank factors on selected linear layers; all parameters.
    case lora, full
    /// Low-rank factors with a rank and alpha per device class.
    case dylora
    /// A linear classifier on image features, alone or together with the vision tower.
    case fedlc, fedvmlc
    /// A gate; a bottleneck, on image features.
    case fedaa, fedca
    /// Learned context vectors instead of the prompt's words.
    case fedprompt
    /// Layer normalizations; biases, of the base model.
    case norm, bias
    /// Learned tokens among those of every image.
    case vpt
    /// Learned factors of linear layers' inputs or outputs; low-rank factors with a magnitude for
    /// every output.
    case ia3, dora

    /// Whether both towers are frozen.
    var trainsNoTower: Bool { self == .fedlc || self == .fedaa || self == .fedca }

    /// Whether images are scored by a classifier, which has its own loss.
    var hasClassifier: Bool { self == .fedlc || self == .fedvmlc }
  }

  /// The name in tables and folders.
  public var name: String
  public var kind: Kind
  /// The low-rank factors of a `lora` or `dora` method that starts from the base; nil otherwise.
  public var lora: LoRASettings?
  /// The folder of the PEFT adapter that a `lora`, `dora` or `ia3` method starts from, relative to the
  /// scenario; nil otherwise.
  public var start: String?
  /// The number of randomly initialised context vectors of `fedprompt`; nil if they are initialised
  /// from the prompt's words before the class, and for other methods.
  public var context: Int?
  /// The kinds of parameters that stay with each client, by words of their names; nil if all are
  /// shared.
  public var personal: [String]?
  /// The tower of `norm`, `bias` and `ia3`; nil for other methods.
  public var tower: Tower?
  /// The linear layers of each block that `ia3` scales; nil for other methods.
  public var modules: [LinearModule]?
  /// The positions of the layer normalizations that `norm` trains; nil for other methods.
  public var norms: [NormPosition]?
  /// The learned tokens of `vpt`; nil for other methods.
  public var visualPrompts: VisualPrompts?
  /// The scenario's training settings with the method's overrides.
  public var training: LocalTraining
  /// The training settings of device classes that override the method's.
  public var classTraining: [ClassTraining]

  /// The learned tokens among those of every image.
  public struct VisualPrompts: Sendable, Codable {
    public enum Depth: String, Sendable, Codable, CaseIterable {
      /// Before the first block; before every block.
      case shallow, deep
    }

    public var count: Int
    public var depth: Depth
  }

  /// The training settings of one device class.
  public struct ClassTraining: Sendable, Codable {
    public var deviceClass: String
    public var batchSize: Int
    public var techniques: TrainingTechniques
  }

  /// - Parameter training: the scenario's section, or nil if it is `none`; the method's own keys
  ///   take precedence.
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
    if [.lora, .dora, .ia3].contains(kind) {
      start = section.optionalString("start", example: "results/quickstart/adapters/flora")
      if start != nil { LoRASettings.refuse(section) }
    }
    if kind == .lora, start == nil { lora = LoRASettings(section) }
    if kind == .dora, start == nil { lora = LoRASettings(withoutRules: section) }
    if kind == .ia3, start == nil {
      tower = section.choice("tower", default: .text)
      modules = section.choices("modules", default: [.key, .value, .contraction])
    }
    if kind == .fedprompt {
      context = section.optionalInteger("context", in: 1...1000, example: 4)
    }
    if section.has("personal") {
      personal = section.strings("personal", example: "lora_B")
      if let rule = lora?.aggregation {
        section.fault(
          at: "personal",
          "the aggregation \(rule.rawValue) determines what clients send; remove personal, or write kind: lora without an aggregation"
        )
      }
    }
    if kind == .norm {
      tower = section.choice("tower", default: .both)
      norms = section.choices("norms", default: NormPosition.allCases)
      if tower == .text, norms == [.pre] {
        section.fault(
          at: "norms",
          "the text tower has no layer normalization before its blocks; write tower: vision, or norms: [blocks, post]"
        )
      }
    }
    if kind == .vpt {
      visualPrompts = VisualPrompts(
        count: section.integer("visual_prompts", in: 1...1000, default: 8),
        depth: section.choice("prompt_depth", default: .shallow))
    }
    if kind == .bias { tower = section.choice("tower", default: .both) }
    let inherited = training.map { section.inheriting(from: $0) } ?? section
    self.training = LocalTraining(inherited)
    classTraining = section.sections("device_classes", isRequired: false).map {
      [training = self.training] in ClassTraining($0, training)
    }
    let (parts, size) = (self.training.batchParts, self.training.batchSize)
    if kind.trainsNoTower, section.has("batch_parts") {
      section.fault(
        at: "batch_parts",
        "\(kind.rawValue) trains neither tower, so its batches have no parts; remove batch_parts")
    } else if parts > size {
      inherited.fault(
        at: "batch_parts",
        "a batch of \(size) \(size == 1 ? "sample" : "samples") has no \(parts) parts; write batch_parts: \(size) or less, or a larger batch_size"
      )
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

  /// The training settings for a device class.
  package func training(ofClass name: String) -> LocalTraining {
    guard let own = classTraining.first(where: { $0.deviceClass == name }) else { return training }
    var training = training
    training.batchSize = own.batchSize
    training.techniques = own.techniques
    return training
  }

  /// An error message for each class settings entry that is a duplicate or whose class the fleet
  /// does not have.
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
  /// - Parameter training: the defaults for omitted keys.
  init(_ section: ConfigurationSection, _ training: LocalTraining) {
    self.init(
      deviceClass: section.string("class", example: "slow"),
      batchSize: section.integer("batch_size", in: 1...1_000_000, default: training.batchSize),
      techniques: TrainingTechniques(section, training.techniques))
  }
}

extension TrainingTechniques {
  /// - Parameter defaults: the defaults for omitted keys.
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
      techniques: TrainingTechniques(section),
      batchParts: section.integer("batch_parts", in: 1...1024, default: 1))
  }
}
