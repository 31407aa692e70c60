import CLIP
import Foundation
import Tensors

/// A method that determines what is trained on a client and sent to the server.
///
/// A method owns a flat vector of trainable parameters. Two things define their effect: a parameter
/// table, which is the frozen base as the method changes it, and attachments, which the method adds
/// to the base. Payload, FLOPs, memory and everything else follow from these.
package protocol AdaptationMethod: Sendable {
  /// The trainable parameters, in the order in which they are sent.
  var trainable: ParameterLayout { get }

  /// The number of values that a device holds in addition to the base's and does not train, such as
  /// a frozen factor; 0 by default.
  var constantCount: Int { get }

  /// The prompts of the classes if the method defines its own; nil to use the scenario's.
  var prompts: ClassPrompts? { get }

  /// The initial parameters for training.
  func initialParameters(of model: CLIPModel, seed: UInt64) -> [Float]

  /// The base as the method changes it, followed by parameters outside the base. By default, the
  /// unchanged base followed by all of the method's parameters.
  ///
  /// - Parameters:
  ///   - base: the base's values, by the model's parameter index.
  ///   - parameters: the method's values in the layout of `trainable`.
  ///   - gradient: where to accumulate their gradient, in the same layout; nil if not needed.
  func table(
    base: [UnsafePointer<Float>], parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>?
  ) -> ParameterTable

  /// The method's additions to the base; none by default.
  ///
  /// - Parameter own: the parameters after the base's in a table created by `table`.
  func attachments(_ own: [Parameter]) -> Attachments

  /// Writes trained parameters in the file format that users of the method expect.
  func write(_ parameters: [Float], to directory: URL) throws

  /// Reads the parameters written by `write`.
  func read(from directory: URL) throws(ModelError) -> [Float]
}

extension AdaptationMethod {
  package var constantCount: Int { 0 }

  package var prompts: ClassPrompts? { nil }

  package func attachments(_ own: [Parameter]) -> Attachments { Attachments() }

  package func table(
    base: [UnsafePointer<Float>], parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>?
  ) -> ParameterTable {
    var table = ParameterTable(frozen: base)
    table.append(trainable.entries, at: parameters, gradient: gradient)
    return table
  }

  /// Writes plain safetensors with the names of `trainable`.
  package func write(_ parameters: [Float], to directory: URL) throws {
    try SafetensorsWriter.write(
      parameters, trainable, to: directory.appending(path: "model.safetensors"))
  }

  package func read(from directory: URL) throws(ModelError) -> [Float] {
    try SafetensorsFile(directory.appending(path: "model.safetensors")).floats(trainable) { $0 }
  }

  /// The bytes of an uncompressed update: four per trainable parameter.
  package var payloadBytes: Int { 4 * trainable.count }
}
