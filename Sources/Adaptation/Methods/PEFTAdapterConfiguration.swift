import CLIP
import Foundation

/// PEFT's `adapter_config.json` for a LoRA, plain or rank-stabilised, a DoRA or an (IA)³.
struct PEFTAdapterConfiguration {
  let kind: PEFTAdapter.Kind
  let rank: Int
  /// The alpha from which the scaling derives the factor of B A x: PEFT's lora_alpha / r, or
  /// lora_alpha with use_rslora.
  let alpha: Double
  let scaling: LoRAScaling
  private let target: Target

  /// The modules that get factors, by their path in the model.
  private enum Target {
    /// Full paths, or suffixes of paths.
    case names([String])
    /// A regular expression for full paths.
    case expression(String)
    case allLinear
  }

  /// Fields that do not affect what the trained factors compute.
  private static let harmless: Set<String> = [
    "auto_mapping", "base_model_name_or_path", "eva_config", "exclude_modules", "inference_mode",
    "layers_pattern", "lora_dropout", "megatron_core", "peft_version", "qalora_group_size",
    "revision", "runtime_config", "task_type",
  ]
  /// Initialisations of the factors that do not change the base's weights.
  private static let plainStarts = ["gaussian", "eva", "orthogonal"]

  /// Missing fields take PEFT's defaults.
  ///
  /// - Parameter kind: the required kind; nil for the one that the file states.
  /// - Throws: `ModelError` if a field has an invalid value, or one that changes the computation.
  ///   Unknown fields are rejected unless they are null, false, empty or "none", because later
  ///   versions of PEFT add such switches.
  init(file: URL, _ kind: PEFTAdapter.Kind?) throws(ModelError) {
    guard let data = try? Data(contentsOf: file) else {
      throw ModelError(
        file, "cannot be read; a PEFT adapter is a folder that contains adapter_config.json")
    }
    guard var fields = try? JSONDecoder().decode([String: JSONValue].self, from: data) else {
      throw ModelError(file, "is not a PEFT configuration: it is not a JSON object")
    }
    let kind = kind ?? Self.kind(fields)
    self.kind = kind
    let type = kind == .ia3 ? "IA3" : "LORA"
    guard case .string(type) = fields.removeValue(forKey: "peft_type") else {
      throw ModelError(
        file,
        "is not \(kind == .ia3 ? "an" : "a") \(kind.rawValue) configuration: its peft_type is not \(type)"
      )
    }
    if kind == .dora {
      guard case .boolean(true) = fields.removeValue(forKey: "use_dora") else {
        throw ModelError(
          file, "is not a DoRA configuration: it does not set use_dora to true; write kind: lora")
      }
    }
    target = try Self.target(&fields, file)
    guard kind != .ia3 else {
      (rank, alpha, scaling) = (0, 0, .plain)
      fields["feedforward_modules"] = nil
      try Self.refuse(fields, file, kind)
      return
    }
    let rank = fields.removeValue(forKey: "r") ?? .number(8)
    guard case .number(let r) = rank, let rank = Int(exactly: r), (1...4096).contains(rank) else {
      throw ModelError(file, "gives r as \(rank), which is not a valid rank")
    }
    let alpha = fields.removeValue(forKey: "lora_alpha") ?? .number(8)
    guard case .number(let alpha) = alpha, Float(alpha / r).isFinite else {
      throw ModelError(file, "gives lora_alpha as \(alpha), which is not a valid factor")
    }
    let isRankStabilised = fields.removeValue(forKey: "use_rslora") ?? .boolean(false)
    guard case .boolean(let isRankStabilised) = isRankStabilised else {
      throw ModelError(file, "gives use_rslora as \(isRankStabilised), not true or false")
    }
    self.rank = rank
    scaling = isRankStabilised ? .rslora : .plain
    self.alpha = isRankStabilised ? alpha : alpha / r
    try Self.refuse(fields, file, kind)
  }

  private static func kind(_ fields: [String: JSONValue]) -> PEFTAdapter.Kind {
    if case .string("IA3") = fields["peft_type"] { return .ia3 }
    if case .boolean(true) = fields["use_dora"] { return .dora }
    return .lora
  }

  private static func target(
    _ fields: inout [String: JSONValue], _ file: URL
  ) throws(ModelError) -> Target {
    switch fields.removeValue(forKey: "target_modules") {
    case .string("all-linear"): return .allLinear
    case .string(let expression):
      guard (try? Regex(expression)) != nil else {
        throw ModelError(
          file, "gives target_modules as \(expression), which is not a valid regular expression")
      }
      return .expression(expression)
    case .array(let values):
      return .names(values.compactMap { if case .string(let name) = $0 { name } else { nil } })
    default:
      throw ModelError(
        file, "has no target_modules; give a list of names or one regular expression")
    }
  }

  /// Whether PEFT adds factors to the module at this path.
  func targets(_ path: String) -> Bool {
    switch target {
    case .names(let names): names.contains { path == $0 || path.hasSuffix(".\($0)") }
    case .expression(let pattern):
      (try? Regex(pattern).wholeMatch(in: path)) != nil
    case .allLinear: true
    }
  }

  private static func refuse(
    _ fields: [String: JSONValue], _ file: URL, _ kind: PEFTAdapter.Kind
  ) throws(ModelError) {
    for (name, value) in fields.sorted(by: { $0.key < $1.key })
    where !harmless.contains(name) && !value.isNeutral {
      if name == "init_lora_weights" {
        if case .boolean = value { continue }
        if case .string(let start) = value, plainStarts.contains(start) { continue }
      }
      if name == "init_ia3_weights", case .boolean = value { continue }
      throw ModelError(file, "sets \(name) to \(value); \(kind.form)")
    }
  }
}

extension PEFTAdapter.Kind {
  /// The computation that this project supports.
  fileprivate var form: String {
    switch self {
    case .lora: "only y = W x + b + alpha B A x with one rank is supported"
    case .dora: "only DoRA with one rank on linear layers is supported"
    case .ia3: "only factors of the outputs, or of the inputs of fc2, are supported"
    }
  }
}

/// A value of a configuration with unknown fields.
private enum JSONValue: Decodable, CustomStringConvertible {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// Whether the value enables nothing.
  var isNeutral: Bool {
    switch self {
    case .null, .boolean(false), .string("none"), .string(""): true
    case .boolean, .number, .string: false
    case .array(let values): values.isEmpty
    case .object(let fields): fields.isEmpty
    }
  }

  var description: String {
    switch self {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .number(let value): Int(exactly: value).map(String.init) ?? "\(value)"
    case .string(let value): "\"\(value)\""
    case .array(let values): "[\(values.map(\.description).joined(separator: ", "))]"
    case .object(let fields):
      "{\(fields.sorted { $0.key < $1.key }.map { "\($0): \($1)" }.joined(separator: ", "))}"
    }
  }
}
