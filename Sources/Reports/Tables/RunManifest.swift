import Foundation

/// The part of manifest.json shown in a report: the run's inputs, not its date or speed.
struct RunManifest {
  let scenario: JSONValue
  let version: String?
  private let root: JSONValue

  /// Nil if the folder has none, like that of an interrupted run.
  ///
  /// - Throws: `ReportError` if the file is not a manifest.
  init?(in folder: URL) throws {
    let file = folder.appending(path: "manifest.json")
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let root: JSONValue
    do {
      root = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file))
    } catch {
      throw ReportError("\(file.path) is not the manifest of a run: it is damaged")
    }
    guard let scenario = root["scenario"] else {
      throw ReportError("\(file.path) is not the manifest of a run: it has no scenario")
    }
    self.root = root
    self.scenario = scenario
    version = root["flora_version"]?.text
  }

  var name: String? { scenario["name"]?.text }
  var devices: Int? { scenario["fleet"]?["devices"]?.integer }
  var rounds: Int? { scenario["server"]?["rounds"]?.integer }
  var targetAccuracy: Double? { scenario["evaluation"]?["targetAccuracy"]?.number }
  var isTimingOnly: Bool { scenario["timing_only"] == .boolean(true) }
  var keepsTasks: Bool { scenario["report"]?["tasks"]?.text != "none" }
  /// The runtime that determines the devices' memory; nil in manifests of earlier versions, which
  /// used the package's own engine.
  var runtime: String? { root["runtime"]?.text }
  var kernels: String? { root["matrix_product_kernels"]?.text }

  /// The inputs of the results besides the scenario; files by the first digits of their SHA-256.
  var origin: [(name: String, value: String)] {
    var origin: [(name: String, value: String)] = []
    if let version { origin.append(("program version", version)) }
    if let kernels { origin.append(("matrix product kernels", kernels)) }
    for (name, key) in [("data files", "data_files"), ("model files", "model_files")] {
      guard case .list(let files)? = root[key] else { continue }
      let digests = files.compactMap { $0["sha256"]?.text?.prefix(8) }.map(String.init)
      origin.append((name, digests.joined(separator: " ")))
    }
    return origin
  }

  /// The kind of a method, such as `lora` or `full`.
  func kind(of method: String) -> String? {
    guard case .list(let methods)? = scenario["methods"] else { return nil }
    return methods.first { $0["name"]?.text == method }?["kind"]?.text
  }
}
