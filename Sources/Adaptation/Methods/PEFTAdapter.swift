import CLIP
import Foundation
import Tensors

/// An adapter in PEFT's format: `adapter_config.json` next to `adapter_model.safetensors`.
///
/// The adapted layers are determined from the tensors in the file. The configuration must target
/// them, because PEFT ignores all others.
package struct PEFTAdapter: Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case lora = "LoRA"
    case dora = "DoRA"
    case ia3 = "IA3"

    /// The ends of the tensors' names, after the layer's path.
    fileprivate var suffixes: [String] {
      switch self {
      case .lora: [".lora_A.weight", ".lora_B.weight"]
      case .dora: [".lora_A.weight", ".lora_B.weight", ".lora_magnitude_vector"]
      case .ia3: [".ia3_l"]
      }
    }
  }

  package let kind: Kind
  package let tower: Tower
  package let modules: [LinearModule]
  /// The rank of LoRA's factors; zero for IA3.
  package let rank: Int
  /// PEFT's lora_alpha / r, or lora_alpha itself if the scaling is rank-stabilised.
  package let alpha: Float
  package let scaling: LoRAScaling
  private let file: SafetensorsFile

  /// The files that the adapter was read from.
  package let urls: [URL]

  /// - Parameter kind: the required kind; nil for the one that the adapter states.
  /// - Throws: `ModelError` if a file is missing or malformed, the adapter is not of that kind, or it
  ///   adapts layers other than the linear ones of CLIP's blocks.
  package init(directory: URL, kind: Kind? = nil) throws(ModelError) {
    let configurationFile = directory.appending(path: "adapter_config.json")
    let configuration = try PEFTAdapterConfiguration(file: configurationFile, kind)
    let kind = configuration.kind
    self.kind = kind
    file = try SafetensorsFile(directory.appending(path: "adapter_model.safetensors"))
    urls = [configurationFile, file.file]
    rank = configuration.rank
    alpha = Float(configuration.alpha)
    scaling = configuration.scaling

    let sites = try Self.sites(file, kind)
    for (name, site) in sites where !configuration.targets(site.path) {
      throw ModelError(
        file.file,
        "holds \(name), but target_modules in adapter_config.json does not match \(site.path)")
    }
    modules = LinearModule.allCases.filter { module in sites.contains { $0.site.module == module } }
    let towers = Set(sites.map(\.site.tower))
    guard let tower = towers.first else {
      throw ModelError(file.file, "holds no \(kind.rawValue) factors")
    }
    self.tower = towers.count == 1 ? tower : .both
  }

  /// The method that the adapter is for, which starts from its values.
  ///
  /// - Throws: `ModelError` if the adapter does not match the configuration.
  package func method(
    _ configuration: CLIPConfiguration
  ) throws(ModelError) -> any AdaptationMethod {
    switch kind {
    case .lora: try LoRAMethod(configuration, self)
    case .dora: try DoRAMethod(configuration, self)
    case .ia3: try IA3Method(configuration, self)
    }
  }

  /// The values as one flat vector, in the order of the method's `trainable`.
  ///
  /// - Throws: `ModelError` if a factor is missing, unexpected or has another shape.
  func parameters(_ trainable: ParameterLayout) throws(ModelError) -> [Float] {
    let expected = Set(trainable.entries.map { LoRAMethod.peftName($0.name) })
    if let extra = file.names.filter({ !expected.contains($0) }).min() {
      throw ModelError(file.file, "holds \(extra), but the model has no such layer")
    }
    return try file.floats(trainable, named: LoRAMethod.peftName)
  }

  /// A linear layer with factors.
  private struct Site {
    let path: String
    let tower: Tower
    let module: LinearModule
  }

  private static func sites(_ file: SafetensorsFile, _ kind: Kind) throws(ModelError) -> [(
    name: String, site: Site
  )] {
    var sites: [(name: String, site: Site)] = []
    for name in file.names.sorted() {
      guard let site = site(name, kind) else {
        throw ModelError(
          file.file,
          "holds \(name), which is not \(kind == .ia3 ? "an" : "a") \(kind.rawValue) factor of a linear layer in CLIP's blocks"
        )
      }
      sites.append((name, site))
    }
    return sites
  }

  private static func site(_ name: String, _ kind: Kind) -> Site? {
    let prefix = LoRAMethod.peftName("")
    guard name.hasPrefix(prefix),
      let suffix = kind.suffixes.first(where: name.hasSuffix)
    else { return nil }
    let path = name.dropFirst(prefix.count).dropLast(suffix.count)
    let parts = path.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, parts[1...2] == ["encoder", "layers"], Int(parts[3]) != nil,
      let tower = [Tower.text, .vision].first(where: { parts[0] == "\($0.rawValue)_model" }),
      let module = LinearModule.allCases.first(where: { $0.path == parts[4] })
    else { return nil }
    return Site(path: String(path), tower: tower, module: module)
  }
}
