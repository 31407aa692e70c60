import CLIP
import Foundation

/// A LoRA adapter in PEFT's format: `adapter_config.json` next to `adapter_model.safetensors`.
///
/// The adapted layers are determined from the tensors in the file. The configuration must target
/// them, because PEFT ignores all others.
package struct PEFTAdapter: Sendable {
  package let tower: Tower
  package let modules: [LinearModule]
  package let rank: Int
  /// PEFT's lora_alpha / r, or lora_alpha itself if the scaling is rank-stabilised.
  package let alpha: Float
  package let scaling: LoRAScaling
  private let file: SafetensorsFile

  /// The files that the adapter was read from.
  package let urls: [URL]

  /// - Throws: `ModelError` if a file is missing or malformed, the adapter computes anything but y
  ///   = W x + b + alpha B A x, or it adapts layers other than the linear ones of CLIP's blocks.
  package init(directory: URL) throws(ModelError) {
    let configurationFile = directory.appending(path: "adapter_config.json")
    let configuration = try PEFTAdapterConfiguration(file: configurationFile)
    file = try SafetensorsFile(directory.appending(path: "adapter_model.safetensors"))
    urls = [configurationFile, file.file]
    rank = configuration.rank
    alpha = Float(configuration.alpha)
    scaling = configuration.scaling

    let sites = try Self.sites(file)
    for (name, site) in sites where !configuration.targets(site.path) {
      throw ModelError(
        file.file,
        "holds \(name), but target_modules in adapter_config.json does not match \(site.path)")
    }
    modules = LinearModule.allCases.filter { module in sites.contains { $0.site.module == module } }
    let towers = Set(sites.map(\.site.tower))
    guard let tower = towers.first else { throw ModelError(file.file, "holds no LoRA factors") }
    self.tower = towers.count == 1 ? tower : .both
  }

  /// The factors as one flat vector, in the order of the method's `trainable`.
  ///
  /// - Throws: `ModelError` if a factor is missing, unexpected or has another shape.
  func parameters(of method: LoRAMethod) throws(ModelError) -> [Float] {
    let expected = Set(method.trainable.entries.map { LoRAMethod.peftName($0.name) })
    if let extra = file.names.filter({ !expected.contains($0) }).min() {
      throw ModelError(file.file, "holds \(extra), but the model has no such layer")
    }
    return try file.floats(method.trainable, named: LoRAMethod.peftName)
  }

  /// A linear layer with factors.
  private struct Site {
    let path: String
    let tower: Tower
    let module: LinearModule
  }

  private static func sites(_ file: SafetensorsFile) throws(ModelError) -> [(
    name: String, site: Site
  )] {
    var sites: [(name: String, site: Site)] = []
    for name in file.names.sorted() {
      guard let site = site(name) else {
        throw ModelError(
          file.file, "holds \(name), which is not a LoRA factor of a linear layer in CLIP's blocks")
      }
      sites.append((name, site))
    }
    return sites
  }

  private static func site(_ name: String) -> Site? {
    let prefix = LoRAMethod.peftName("")
    guard name.hasPrefix(prefix),
      let suffix = [".lora_A.weight", ".lora_B.weight"].first(where: name.hasSuffix)
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
