import Foundation

/// The safetensors files of a model's directory: `model.safetensors`, or if it does not exist, the
/// shards listed in `model.safetensors.index.json`.
///
/// The index has Hugging Face's format: its `weight_map` names the file of each tensor. Files are
/// mapped into memory, not read.
struct WeightFiles: Sendable {
  /// All files that define the weights, including the index.
  let urls: [URL]
  private let index: Index
  private let shards: [String: SafetensorsFile]

  /// Locates tensors.
  private enum Index {
    case single(SafetensorsFile)
    case sharded(URL, fileNames: [String: String])
  }

  /// - Throws: `ModelError` if a file is missing or malformed, or the index names one outside the
  ///   directory.
  init(directory: URL) throws(ModelError) {
    let single = directory.appendingPathComponent("model.safetensors")
    let index = directory.appendingPathComponent("model.safetensors.index.json")
    let exists = FileManager.default.fileExists(atPath:)
    guard exists(single.path) || exists(index.path) else {
      throw Self.missing(single, in: directory)
    }
    guard !exists(single.path) else {
      self.index = .single(try SafetensorsFile(single))
      shards = [:]
      urls = [single]
      return
    }
    let fileNames = try Self.fileNames(index)
    var shards: [String: SafetensorsFile] = [:]
    for (tensor, name) in fileNames.sorted(by: { $0.key < $1.key }) where shards[name] == nil {
      // Only file names, not paths: nothing outside the model's directory is opened.
      guard !name.isEmpty, name != ".", name != "..", !name.contains("/") else {
        throw ModelError(
          index,
          "places \(tensor) in \"\(name)\", which is not the name of a file in the same folder")
      }
      let shard = directory.appendingPathComponent(name)
      guard exists(shard.path) else {
        throw ModelError(
          index, "places \(tensor) in \(name), but there is no such file in the same folder")
      }
      shards[name] = try SafetensorsFile(shard)
    }
    self.index = .sharded(index, fileNames: fileNames)
    self.shards = shards
    urls = [index] + shards.values.map(\.file).sorted { $0.path < $1.path }
  }

  /// Says what to do if the weights exist in another format.
  private static func missing(_ file: URL, in directory: URL) -> ModelError {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    if let name = names.sorted().first(where: { $0.hasPrefix("open_clip") }) {
      return ModelError(
        file,
        "is missing, and \(name) is in OpenCLIP's layout; use a version of the model that transformers' CLIPModel loads, saved with save_pretrained"
      )
    }
    if let name = names.sorted().first(where: { $0.hasPrefix("pytorch_model") }) {
      return ModelError(
        file,
        "is missing, and \(name) is a pickle file; convert it in Python: CLIPModel.from_pretrained(FOLDER).save_pretrained(FOLDER, safe_serialization=True)"
      )
    }
    return ModelError(file, "is missing; a model folder contains it beside config.json")
  }

  /// The file that contains a tensor of the model, and the tensor's metadata.
  func find(_ name: String) throws(ModelError) -> (SafetensorsFile, SafetensorsFile.Tensor) {
    switch index {
    case .single(let file):
      return (file, try file.tensor(name, because: "which config.json requires"))
    case .sharded(let index, let fileNames):
      guard let fileName = fileNames[name], let file = shards[fileName] else {
        throw ModelError(
          index, "names no file for \(name), which config.json requires")
      }
      return (file, try file.tensor(name, because: "which \(index.lastPathComponent) places there"))
    }
  }

  private static func fileNames(_ index: URL) throws(ModelError) -> [String: String] {
    struct JSON: Decodable {
      let weightMap: [String: String]

      enum CodingKeys: String, CodingKey {
        case weightMap = "weight_map"
      }
    }
    guard let data = try? Data(contentsOf: index) else { throw ModelError(index, "cannot be read") }
    guard let json = try? JSONDecoder().decode(JSON.self, from: data) else {
      throw ModelError(
        index, "is not a shard index: it has no weight_map from tensor names to file names")
    }
    return json.weightMap
  }
}
