import Adaptation

/// An algorithm that changes some steps of another one, and delegates all others to it.
package protocol AlgorithmWrapper: FederatedAlgorithm {
  associatedtype Base: FederatedAlgorithm

  var base: Base { get set }
}

extension AlgorithmWrapper {
  package static var requirements: Requirements { Base.requirements }
  package static var keepsClientState: Bool { Base.keepsClientState }
  package static var usesLastVersion: Bool { Base.usesLastVersion }
  package static var sendsChange: Bool { Base.sendsChange }

  package var version: ServerVersion { base.version }
  package var trainedPart: LoRAPart? { base.trainedPart }
  package var clientMemory: ClientMemory { base.clientMemory }
  package var onlyAddsChanges: Bool { base.onlyAddsChanges }
  package var testedModels: [ClientModel] { base.testedModels }
  package var writtenModels: [ClientModel] { base.writtenModels }
  package var bias: Double? { base.bias }

  package func model(_ part: TrainedPart?, from version: ServerVersion) -> ClientModel {
    base.model(part, from: version)
  }

  package func model(
    _ part: TrainedPart?, from version: ServerVersion, of client: Int
  ) -> ClientModel {
    base.model(part, from: version, of: client)
  }

  package func correction(
    of client: Int, from version: ServerVersion
  ) -> GradientCorrection? {
    base.correction(of: client, from: version)
  }

  package func numbersDown(_ part: TrainedPart?, last: Int?) -> Int {
    base.numbersDown(part, last: last)
  }

  package func numbersUp(_ part: TrainedPart?) -> Int { base.numbersUp(part) }

  package func message(_ work: ClientWork) -> [Float] { base.message(work) }

  package mutating func keep(_ work: ClientWork) { base.keep(work) }

  package mutating func receive(_ update: ClientUpdate) { base.receive(update) }

  package mutating func makeVersion() { base.makeVersion() }
}

extension AlgorithmWrapper where Base: TieredAlgorithm {
  package func version(at edge: Int) -> ServerVersion { base.version(at: edge) }

  package mutating func receive(_ update: ClientUpdate, at edge: Int) {
    base.receive(update, at: edge)
  }

  package mutating func makeVersion(at edge: Int) { base.makeVersion(at: edge) }

  package mutating func sendDown(to edge: Int) { base.sendDown(to: edge) }

  package mutating func adopt(at edge: Int) { base.adopt(at: edge) }

  package mutating func sendUp(from edge: Int) { base.sendUp(from: edge) }

  package mutating func receive(from edge: Int, staleness: Int) {
    base.receive(from: edge, staleness: staleness)
  }

  package mutating func lose(at edge: Int) { base.lose(at: edge) }
}
