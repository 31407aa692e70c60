import CLIP
import Foundation
import Tensors

/// The files of a LoRA that also changed the base: PEFT's files and, if base weights changed,
/// `changed_weights.safetensors` with the full weights W' of the adapted layers under the base's
/// names. The adapter is valid only on a base with those weights.
extension PartialLoRA {
  private static let weightsFile = "changed_weights.safetensors"

  /// Reads a folder's adapter, on the base's weights or on the changed weights stored with it.
  ///
  /// - Parameter lora: a LoRA method of the adapter's size.
  /// - Throws: `ModelError` if a file is missing or does not match.
  package init(_ lora: LoRAMethod, from directory: URL, of model: CLIPModel) throws(ModelError) {
    let file = directory.appending(path: Self.weightsFile)
    var merged: [Float] = []
    if FileManager.default.fileExists(atPath: file.path) {
      let weights = try SafetensorsFile(file).floats(lora.weightLayout) { $0 }
      merged = zip(weights, model.numbers(lora.weights)).map { $0 - $1 }
    }
    self.init(
      lora, part: .both, factors: try lora.read(from: directory), merged: merged, of: model)
  }

  /// - Precondition: both A and B are among the parameters.
  package func write(_ parameters: [Float], to directory: URL) throws {
    precondition(part == .both, "PEFT's files have both factors")
    try lora.write(parameters, to: directory)
    guard let changed else { return }
    try SafetensorsWriter.write(
      Array(UnsafeBufferPointer(start: changed.base, count: changed.count)), lora.weightLayout,
      to: directory.appending(path: Self.weightsFile))
  }

  /// Reads the adapter's factors.
  package func read(from directory: URL) throws(ModelError) -> [Float] {
    try lora.read(from: directory)
  }
}
