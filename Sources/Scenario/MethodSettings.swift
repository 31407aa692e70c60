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

  /// - Parameter training: the scenario's section, or nil where it is `none`; the method's own keys go
  ///   before it.
  init(_ section: ConfigurationSection, training: ConfigurationSection?) {
    name = section.string("name", example: "flora")
    if name.contains(where: { $0 == "/" || $0 == "," || $0.isWhitespace }) || name.hasPrefix(".") {
      section.fault(
        at: "name",
        "the name becomes a folder, so it takes no white space, comma, slash or leading dot; write for example flora"
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
    self.training = LocalTraining(training.map { section.inheriting(from: $0) } ?? section)
    if kind.hasClassifier {
      if section.has("loss"), self.training.loss != .classification {
        section.fault(
          at: "loss",
          "a \(kind.rawValue) is trained by the cross-entropy of its classifier; leave the loss out or write classification"
        )
      }
      self.training.loss = .classification
    }
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
      optimizerState: section.choice("optimizer_state", default: .fresh))
  }
}
