import Adaptation

/// A federated algorithm: the client step and the server step of one method, with the server's
/// state as one value.
///
/// It is independent of the clock, of client selection and of when versions are created, which a
/// coordinator decides. Most algorithms need only `version`, `receive` and `makeVersion`. The other
/// requirements have defaults for a method of which every client trains and sends all parameters.
package protocol FederatedAlgorithm: Codable, Sendable {
  /// What it needs from the rest of a federation, and what it rules out; empty by default.
  static var requirements: Requirements { get }

  /// The current version.
  var version: ServerVersion { get }

  // MARK: Client step

  /// The part of a LoRA that clients of the current version train; nil if the method is trained as
  /// a whole.
  var trainedPart: LoRAPart? { get }

  /// The model that clients with a part train, starting from a version.
  func model(_ part: TrainedPart?, from version: ServerVersion) -> ClientModel

  /// The same for one client; by default the model for all clients.
  func model(_ part: TrainedPart?, from version: ServerVersion, of client: Int) -> ClientModel

  /// Whether a client's download depends on the version that it had last.
  static var usesLastVersion: Bool { get }

  /// The number of parameters that a client downloads with the current version.
  ///
  /// - Parameter last: the last version that the client downloaded, if relevant; nil for a new
  ///   client.
  func numbersDown(_ part: TrainedPart?, last: Int?) -> Int

  /// The number of parameters that a client of the current version sends.
  func numbersUp(_ part: TrainedPart?) -> Int

  /// The additional memory that the algorithm needs on a client during training.
  var clientMemory: ClientMemory { get }

  /// The correction of a client's gradients; nil for none.
  func correction(of client: Int, from version: ServerVersion) -> GradientCorrection?

  /// Whether a client keeps state from its training, regardless of whether its upload succeeds.
  static var keepsClientState: Bool { get }

  /// Stores the state that stays with a client after training.
  mutating func keep(_ work: ClientWork)

  /// Whether `message` is a client's unmodified change, which is then encoded where it was trained;
  /// false by default.
  static var sendsChange: Bool { get }

  /// The vector that a client sends; by default its change.
  func message(_ work: ClientWork) -> [Float]

  // MARK: Server step

  /// Whether the server needs nothing of clients' changes but their weighted sum, so that a change
  /// can stay where it was trained; false by default.
  var onlyAddsChanges: Bool { get }

  /// Receives an update, in order of arrival.
  mutating func receive(_ update: ClientUpdate)

  /// Creates the next version from the updates since the last one; without any, a version with the
  /// same parameters.
  mutating func makeVersion()

  // MARK: Results

  /// The models to test, whose mean accuracy is reported; by default the version's.
  var testedModels: [ClientModel] { get }

  /// The tested models in the form written to files: both factors of a LoRA.
  var writtenModels: [ClientModel] { get }

  /// The Frobenius distance of the last version's product of LoRA factors from the mean of the
  /// clients' products, over all layers; nil if not measured.
  var bias: Double? { get }
}

extension FederatedAlgorithm {
  package static var requirements: Requirements { Requirements() }
  package static var keepsClientState: Bool { false }
  package static var usesLastVersion: Bool { false }
  package static var sendsChange: Bool { false }

  package var onlyAddsChanges: Bool { false }

  package var trainedPart: LoRAPart? { nil }

  package func model(_ part: TrainedPart?, from version: ServerVersion) -> ClientModel {
    ClientModel(version: version.number, parameters: version.parameters)
  }

  package func model(
    _ part: TrainedPart?, from version: ServerVersion, of client: Int
  ) -> ClientModel {
    model(part, from: version)
  }

  package var clientMemory: ClientMemory { ClientMemory() }

  package func correction(
    of client: Int, from version: ServerVersion
  ) -> GradientCorrection? { nil }

  package mutating func keep(_ work: ClientWork) {}

  package func message(_ work: ClientWork) -> [Float] { work.change }

  package var testedModels: [ClientModel] { [model(nil, from: version)] }

  package var writtenModels: [ClientModel] { testedModels }

  package var bias: Double? { nil }
}
