import Adaptation

/// Adds FedProx's proximal term to any algorithm, which pulls clients towards their initial version
/// (Li et al., arXiv 1812.06127).
///
/// The client minimises its loss + mu/2 |w - x|^2, whose gradient has the additional term mu
/// (w - x). It holds the initial parameters x in addition to its own. Everything else is delegated
/// to the other algorithm.
package struct FedProx<Base: FederatedAlgorithm>: FederatedAlgorithm {
  private let mu: Float
  fileprivate var base: Base

  package init(mu: Float, _ base: Base) {
    self.mu = mu
    self.base = base
  }

  package var clientMemory: ClientMemory { base.clientMemory + ClientMemory(holdsStart: true) }

  package func correction(
    of client: Int, from version: ServerVersion
  ) -> GradientCorrection? {
    mu > 0 ? GradientCorrection(proximal: mu) : nil
  }

  // MARK: Forwarding to the base algorithm

  package static var requirements: Requirements { Base.requirements }
  package static var keepsClientState: Bool { Base.keepsClientState }
  package static var usesLastVersion: Bool { Base.usesLastVersion }
  package static var sendsChange: Bool { Base.sendsChange }

  package var version: ServerVersion { base.version }
  package var trainedPart: LoRAPart? { base.trainedPart }
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

  package func numbersDown(_ part: TrainedPart?, last: Int?) -> Int {
    base.numbersDown(part, last: last)
  }

  package func numbersUp(_ part: TrainedPart?) -> Int { base.numbersUp(part) }

  package func message(_ work: ClientWork) -> [Float] { base.message(work) }

  package mutating func keep(_ work: ClientWork) { base.keep(work) }

  package mutating func receive(_ update: ClientUpdate) { base.receive(update) }

  package mutating func makeVersion() { base.makeVersion() }
}

extension FedProx: TieredAlgorithm where Base: TieredAlgorithm {
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
