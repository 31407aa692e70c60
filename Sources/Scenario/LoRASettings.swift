import Adaptation
import CLIP
import Configuration
import Federation

/// The layers that get low-rank factors, and the size of the factors.
public struct LoRASettings: Sendable, Codable {
  public var tower: Tower
  public var modules: [LinearModule]
  public var rank: Int
  /// The factor alpha; `scaling` determines how it scales B A x.
  public var alpha: Float
  public var scaling: LoRAScaling
  /// How the server aggregates the clients' LoRA factors; nil for plain averaging.
  public var aggregation: LoRARule?
  /// lambda of `lora-fair`; nil for the default, and for other rules.
  public var correctionPenalty: Double?
  /// The ranks and alphas of device classes that override the defaults.
  public var sizes: [ClassSize]

  /// The low-rank factors of devices in one class.
  public struct ClassSize: Sendable, Codable {
    public var deviceClass: String
    public var rank: Int
    public var alpha: Float
  }

  /// The factors of a method that only the plain mean can aggregate.
  init(withoutRules section: ConfigurationSection) {
    for key in ["aggregation", "correction_penalty", "sizes"] where section.has(key) {
      section.fault(
        at: key,
        "dora has a magnitude beside its factors, which only the plain mean aggregates; remove \(key) or write kind: lora"
      )
    }
    self.init(section, rule: nil, hasRules: false)
  }

  /// - Parameter rule: the rule given by the method's kind; nil if the section may set one.
  init(_ section: ConfigurationSection, rule: LoRARule? = nil) {
    self.init(section, rule: rule, hasRules: true)
  }

  private init(_ section: ConfigurationSection, rule: LoRARule?, hasRules: Bool) {
    tower = section.choice("tower", default: .text)
    modules = section.choices("modules", default: [.output])
    rank = section.integer("rank", in: 1...4096, default: 2)
    alpha = Float(section.number("alpha", in: 1e-6...1e6, default: 32))
    scaling = section.choice("scaling", default: .plain)
    sizes = []
    guard hasRules else { return }
    aggregation =
      rule ?? (section.has("aggregation") ? section.choice("aggregation", of: LoRARule.self) : nil)
    if rule == nil {
      correctionPenalty = section.optionalNumber(
        "correction_penalty", in: 0...1e6, example: 0.01)
      if correctionPenalty != nil, aggregation != .loraFAIR {
        section.fault(
          at: "correction_penalty",
          "only one rule corrects B; write aggregation: lora-fair, or remove correction_penalty")
      }
    }
    for own in section.sections("sizes", isRequired: false) {
      let size = ClassSize(
        deviceClass: own.string("class", example: "slow"),
        rank: own.integer("rank", in: 1...4096, example: 1),
        alpha: Float(own.number("alpha", in: 1e-6...1e6, default: Double(alpha))))
      if size.rank > rank {
        own.fault(at: "rank", "the method's rank is \(rank); a class must have that or less")
      }
      sizes.append(size)
    }
    if !sizes.isEmpty, aggregation?.takesAnyRank != true {
      let rules = LoRARule.allCases.filter(\.takesAnyRank).map(\.rawValue).joined(separator: ", ")
      section.fault(
        at: "sizes",
        "only some rules support ranks that differ; set aggregation to one of \(rules)")
    }
  }

  /// The size of the factors for a device class.
  package func size(ofClass name: String) -> LoRASize {
    sizes.first { $0.deviceClass == name }.map { LoRASize(rank: $0.rank, alpha: $0.alpha) }
      ?? LoRASize(rank: rank, alpha: alpha)
  }

  /// An error message for each size whose device class the fleet does not have.
  func faults(in fleet: FleetSettings) -> [String] {
    let names = fleet.classes.map(\.name)
    return sizes.filter { !names.contains($0.deviceClass) }.map {
      "no device class is called \"\($0.deviceClass)\"; the classes are \(names.joined(separator: ", "))"
    }
  }

  /// Records an error for each key that conflicts with an adapter's own settings.
  static func refuse(_ section: ConfigurationSection) {
    for key in [
      "tower", "modules", "rank", "alpha", "scaling", "aggregation", "correction_penalty", "sizes",
    ]
    where section.has(key) {
      section.fault(
        at: key, "the adapter named by \"start\" has its own \(key); remove one of the two")
    }
  }
}
