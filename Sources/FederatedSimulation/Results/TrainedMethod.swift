import Adaptation
import BaseModels
import CLIP
import Crypto
import Foundation
import Scenario
import Storage

/// A trained method, read from a run's results.
package struct TrainedMethod {
  package let name: String
  private let base: BaseModel
  private let adapted: AdaptedModel
  private let parameters: [Float]
  /// The folder of parameters outside the CLIP model; nil if the method has none.
  package let attachmentFolder: URL?

  /// - Parameters:
  ///   - results: a run's folder.
  ///   - name: the method's name; nil if the run has only one.
  /// - Throws: an error with a sentence that names what is missing or invalid.
  package init(_ results: URL, method name: String?) throws {
    let run = try RecordedRun(results)
    let names = run.scenario.methods.map(\.name).joined(separator: ", ")
    guard let name = name ?? (run.scenario.methods.count == 1 ? run.scenario.methods[0].name : nil)
    else {
      throw ExperimentError("\(results.path) holds several methods; name one of \(names)")
    }
    guard let settings = run.scenario.methods.first(where: { $0.name == name }) else {
      throw ExperimentError("\(results.path) has no method \(name); it holds \(names)")
    }
    self.name = name
    try run.checkModelFiles()
    base = try BaseModel(run.baseFolder, relativeTo: results)
    let folder = results.appending(path: "adapters/\(name)", directoryHint: .isDirectory)
    // A LoRA that started from an adapter has its size, and so does the trained one.
    let adapter = try settings.start.map { _ in
      try PEFTAdapter(directory: folder, kind: settings.adapterKind)
    }
    let method = try settings.adaptation(
      base.model.configuration,
      ClassTexts(names: run.classNames, template: run.scenario.data.prompt, base: base),
      from: adapter)
    adapted = AdaptedModel(base.model, try Self.trained(method, settings, folder, base.model))
    guard adapted.changesWeights else {
      throw ExperimentError(
        "\(name) trains parameters outside CLIP's own weights, which cannot be merged into them; they are in \(folder.path)"
      )
    }
    parameters = try adapted.method.read(from: folder)
    attachmentFolder = adapted.hasAttachments ? folder : nil
  }

  /// The method in its trained state: the server of a LoRA may have changed the base too.
  private static func trained(
    _ method: any AdaptationMethod, _ settings: MethodSettings, _ folder: URL, _ model: CLIPModel
  ) throws -> any AdaptationMethod {
    if settings.personal != nil {
      throw ExperimentError(
        "\(settings.name) leaves each client personal parameters, and no global model to merge; the clients' models are in \(folder.path)"
      )
    }
    guard let lora = method as? LoRAMethod, let rule = settings.lora?.aggregation else {
      return method
    }
    if rule.hasPersonalModels {
      throw ExperimentError(
        "\(rule.rawValue) leaves each client a personal model, and no global model to merge; they are in \(folder.path)"
      )
    }
    return try PartialLoRA(lora, from: folder, of: model)
  }

  /// Writes a CLIP model with the trained parameters merged into its weights, in Hugging Face's
  /// layout.
  ///
  /// - Parameter replacing: whether existing files may be replaced.
  /// - Throws: `ExperimentError` if the folder is that of the base, whose weights would be
  ///   overwritten, or if a file exists that may not be replaced.
  package func writeMerged(to directory: URL, replacing: Bool) throws {
    guard
      directory.standardizedFileURL.resolvingSymlinksInPath().path
        != base.directory.standardizedFileURL.resolvingSymlinksInPath().path
    else {
      throw ExperimentError(
        "\(directory.path) holds the base model, which the merged model would overwrite; give another folder with --out"
      )
    }
    let copied = base.files.filter { !base.model.weightFiles.contains($0) }
    let weights = directory.appending(path: "model.safetensors")
    if !replacing {
      let places = copied.map { directory.appending(path: $0.lastPathComponent) } + [weights]
      for place in places where FileManager.default.fileExists(atPath: place.path) {
        throw ExperimentError(
          "\(place.relativePath) already exists; remove it, or give another folder with --out")
      }
    }
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let vector = MergedWeights.vector(adapted, parameters: parameters)
    for file in copied {
      try Data(contentsOf: file)
        .write(to: directory.appending(path: file.lastPathComponent), options: .atomic)
    }
    try SafetensorsWriter.write(vector, base.model.parameters.layout, to: weights)
  }
}

/// The part of a manifest needed to read its run.
private struct RecordedRun: Decodable {
  struct RecordedScenario: Decodable {
    struct Data: Decodable {
      let prompt: String
    }

    let data: Data
    let methods: [MethodSettings]
  }

  struct File: Decodable {
    let path: String
    let sha256: String
  }

  let scenario: RecordedScenario
  let classNames: [String]
  let modelFiles: [File]

  /// The folder of the base that the run started from.
  var baseFolder: String {
    URL(filePath: modelFiles.first?.path ?? "").deletingLastPathComponent().path
  }

  /// - Throws: `ExperimentError` if a file of the base has changed since the run; the trained
  ///   parameters match no other base.
  func checkModelFiles() throws(ExperimentError) {
    // The start adapter is not needed for the merged model, because the results contain the
    // complete LoRA.
    for file in modelFiles
    where URL(filePath: file.path).deletingLastPathComponent().path == baseFolder {
      guard let data = try? Data(contentsOf: URL(filePath: file.path), options: .mappedIfSafe)
      else {
        throw ExperimentError("\(file.path), which the run used, can no longer be read")
      }
      guard SHA256.hash(data: data).hexadecimal == file.sha256 else {
        throw ExperimentError(
          "\(file.path) has changed since the run; the trained parameters fit only the original file"
        )
      }
    }
  }

  init(_ results: URL) throws {
    let file = results.appending(path: "manifest.json")
    guard let data = try? Data(contentsOf: file),
      let run = try? JSONDecoder().decode(Self.self, from: data)
    else {
      throw ExperimentError(
        "\(file.path) is missing, or is not the manifest of a finished run; give a results folder")
    }
    self = run
  }

  private enum CodingKeys: String, CodingKey {
    case scenario
    case classNames = "class_names"
    case modelFiles = "model_files"
  }
}
