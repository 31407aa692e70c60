import CLIP
import Foundation
import Tensors

/// All that pretraining needs to go on after a kill.
struct PretrainingCheckpoint {
  /// Steps done.
  var step: Int
  var parameters: [Float]
  var optimizer: OptimizerMemory

  private static let name = "checkpoint.safetensors"

  static func file(in directory: URL) -> URL { directory.appending(path: name) }

  /// Replaces the folder's checkpoint at once, so that a kill leaves the old one or the new one.
  ///
  /// - Parameter identity: what was trained on what; a checkpoint of another is refused.
  func write(to directory: URL, identity: String) throws {
    try SafetensorsWriter.write(
      [
        ("parameters", [parameters.count], parameters[...]),
        ("moments", [optimizer.moments.count], optimizer.moments[...]),
      ],
      metadata: [
        "identity": identity, "step": String(step), "optimizer_steps": String(optimizer.steps),
      ],
      to: Self.file(in: directory))
  }

  /// Reads the folder's checkpoint.
  ///
  /// - Throws: `ModelError` where it is missing, damaged or of another identity.
  init(directory: URL, identity: String, parameters count: Int) throws(ModelError) {
    let file = try SafetensorsFile(Self.file(in: directory))
    guard file.metadata["identity"] == identity else {
      throw ModelError(
        file.file,
        "belongs to another recipe, seed, corpus or version of the program; remove it to start over"
      )
    }
    guard let step = Int(file.metadata["step"] ?? ""),
      let steps = Int(file.metadata["optimizer_steps"] ?? "")
    else { throw ModelError(file.file, "does not record its step; remove it to start over") }
    self.step = step
    parameters = try file.floats("parameters")
    optimizer = OptimizerMemory(steps: steps, moments: try file.floats("moments"))
    guard parameters.count == count, optimizer.moments.count == 2 * count else {
      throw ModelError(
        file.file,
        "holds \(parameters.count) parameters, but the model has \(count); remove it to start over")
    }
  }

  init(step: Int, parameters: [Float], optimizer: OptimizerMemory) {
    self.step = step
    self.parameters = parameters
    self.optimizer = optimizer
  }
}
