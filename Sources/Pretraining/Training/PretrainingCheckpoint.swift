import CLIP
import Foundation
import Tensors

/// The state that pretraining needs to resume after an interruption.
struct PretrainingCheckpoint {
  /// The number of completed steps.
  var step: Int
  var parameters: [Float]
  var optimizer: OptimizerMemory

  private static let name = "checkpoint.safetensors"

  static func file(in directory: URL) -> URL { directory.appending(path: name) }

  /// Atomically replaces the folder's checkpoint, so that a kill leaves either the old or the new
  /// one.
  ///
  /// - Parameter identity: identifies the recipe and the data; a checkpoint with another identity
  ///   is rejected.
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
  /// - Throws: `ModelError` if it is missing, damaged or has another identity.
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
