import Adaptation

/// What is sent, trained, kept and aggregated: the client's step and the server's step of one federated method,
/// with the server's state as one value.
///
/// It knows nothing of the clock, of who is asked and of when a version is made: a coordinator decides that. Most
/// algorithms need no more than `version`, `receive` and `makeVersion`; the rest has defaults for a method of
/// which every client trains and sends all numbers.
package protocol FederatedAlgorithm: Codable, Sendable {
  /// What it needs of the rest of a federation, and what it rules out; by default nothing.
  static var requirements: Requirements { get }

  /// The current version.
  var version: ServerVersion { get }

  // MARK: The client's step

  /// The part of a LoRA that clients of the current version train; nil where the method is trained as a whole.
  var trainedPart: LoRAPart? { get }

  /// What a client trains from a version, for all clients of a part.
  func model(_ part: TrainedPart?, from version: ServerVersion) -> ClientModel

  /// The same for one client; by default as for all.
  func model(_ part: TrainedPart?, from version: ServerVersion, of client: Int) -> ClientModel

  /// Whether what a client downloads depends on the version that it had last.
  static var usesLastVersion: Bool { get }

  /// Numbers that a client downloads with the current version.
  ///
  /// - Parameter last: the version that it downloaded last, where that matters; nil for a client that has had none.
  func numbersDown(_ part: TrainedPart?, last: Int?) -> Int

  /// Numbers that a client of the current version sends.
  func numbersUp(_ part: TrainedPart?) -> Int

  /// What a client holds because of the algorithm while it trains.
  var clientMemory: ClientMemory { get }

  /// What is added to a client's gradients; nil for nothing.
  func correction(of client: Int, from version: ServerVersion) -> GradientCorrection?

  /// Whether something of a client's work stays with the client, whatever becomes of its upload.
  static var keepsClientState: Bool { get }

  /// Keeps with a client what stays there when it has trained.
  mutating func keep(_ work: ClientWork)

  /// Whether `message` is a client's change as it is, which is then encoded where it was trained; by default not.
  static var sendsChange: Bool { get }

  /// What a client sends of its work; by default its change.
  func message(_ work: ClientWork) -> [Float]

  // MARK: The server's step

  /// Takes an update in, in the order of arrival.
  mutating func receive(_ update: ClientUpdate)

  /// Makes the next version of the updates since the last; without one, a version with the same numbers.
  mutating func makeVersion()

  // MARK: What has been learnt

  /// The models that are tested, whose mean accuracy counts; by default the version's.
  var testedModels: [ClientModel] { get }

  /// The same as their users' files have them: both factors of a LoRA.
  var writtenModels: [ClientModel] { get }

  /// The Frobenius norm of how far the last version's product of LoRA factors is from the mean of the clients'
  /// products, over all layers; nil where nothing measures it.
  var bias: Double? { get }
}

extension FederatedAlgorithm {
  package static var requirements: Requirements { Requirements() }
  package static var keepsClientState: Bool { false }
  package static var usesLastVersion: Bool { false }
  package static var sendsChange: Bool { false }

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
