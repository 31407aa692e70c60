import Configuration

/// When a server version is tested, and on what.
public struct EvaluationSettings: Sendable, Encodable {
  /// Evaluates every this many rounds, and after the last.
  public var every: Int
  /// The accuracy for which the bytes and time needed are reported; nil for none.
  public var targetAccuracy: Double?
  /// How clients are tested on their held-out samples; nil if they are not tested.
  public var perClient: PerClient?
  /// The names of the classes without samples on any client; nil for none.
  public var novelClasses: [String]?

  /// The test of each client on the samples that it holds out from training.
  public struct PerClient: Sendable, Encodable {
    /// The interval in rounds, a multiple of the evaluation's; the last round is always tested.
    public var every: Int
    /// The share of its samples that a client holds out.
    public var heldOut: Double
    /// Whether clients are also tested after fine-tuning from the version as in a task.
    public var fineTune: Bool
  }

  init(_ section: ConfigurationSection) {
    every = section.integer("every", in: 1...1_000_000_000, default: 1)
    targetAccuracy = section.optionalNumber("target_accuracy", in: 0...1, example: 0.7)
    perClient = section.optionalSection("per_client", none: "none").map { [every] in
      PerClient($0, every: every)
    }
    if section.has("novel_classes") {
      let names = section.strings("novel_classes", example: "Sandal")
      if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
        section.fault(at: "novel_classes", "the class \"\(twice)\" is listed twice; list it once")
      }
      novelClasses = names
    }
  }
}

extension EvaluationSettings.PerClient {
  /// - Parameter every: the interval of the evaluation.
  init(_ section: ConfigurationSection, every: Int) {
    self.init(
      every: section.integer("every", in: 1...1_000_000_000, default: every),
      heldOut: section.number("held_out", in: 0.01...0.99, default: 0.2),
      fineTune: section.boolean("fine_tune", default: false))
    if !self.every.isMultiple(of: every) {
      section.fault(
        at: "every",
        "clients can only be evaluated with versions that evaluation.every selects; write a multiple of \(every), for example \(every * max(1, self.every / every))"
      )
    }
  }
}

extension Scenario {
  /// The conflicts of the scenario's evaluation with its other parts, each with the key below
  /// `evaluation`.
  var evaluationFaults: [(key: String, sentence: String)] {
    var faults: [(key: String, sentence: String)] = []
    if evaluation.perClient != nil, case .resample = data.partition {
      faults.append(
        (
          "per_client",
          "clients of partition resample share samples, so none can hold out samples; choose another partition, or remove per_client"
        ))
    }
    guard evaluation.novelClasses != nil else { return faults }
    for method in methods where method.training.loss == .classification {
      faults.append(
        (
          "novel_classes",
          "\(method.name) is trained with a classification loss, which uses the prompt or the classifier row of every class; write loss: contrastive, or remove the method or novel_classes"
        ))
    }
    return faults
  }
}
