import Adaptation
import Tensors

/// Adds personal parameters to any algorithm, which federates only the shared ones (FedPer:
/// Arivazhagan et al., arXiv 1912.00818).
///
/// A client trains both at the same time, and keeps its personal parameters after training,
/// regardless of whether its upload succeeds. A client that has not trained has the initial ones.
/// Versions, messages, control variates, and the server's optimizer and privacy see the shared
/// parameters alone; FedProx's term applies to both. Down and up: the shared parameters. The tested
/// models are those of up to eight clients.
package struct PartialSharing<Base: FederatedAlgorithm>: AlgorithmWrapper {
  package var base: Base
  private var parts: PersonalParts
  /// The personal parameters of a client that has not trained.
  private let initial: [Float]

  /// - Parameters:
  ///   - base: of the shared parameters.
  ///   - initial: the initial parameters of the method; empty in a timing-only run.
  package init(_ base: Base, _ parts: PersonalParts, initial: [Float]) {
    self.base = base
    self.parts = parts
    self.initial = initial.isEmpty ? [] : parts.personal(of: initial)
  }

  // MARK: Client step

  package static var keepsClientState: Bool { true }
  package static var sendsChange: Bool { false }

  package func model(_ part: TrainedPart?, from version: ServerVersion) -> ClientModel {
    model(from: version, initial)
  }

  package func model(
    _ part: TrainedPart?, from version: ServerVersion, of client: Int
  ) -> ClientModel {
    model(from: version, parts[client] ?? initial, owner: client)
  }

  private func model(
    from version: ServerVersion, _ personal: [Float], owner: Int? = nil
  ) -> ClientModel {
    let shared = version.parameters
    return ClientModel(
      version: version.number, owner: owner,
      parameters: shared.isEmpty ? [] : parts.joined(shared, personal))
  }

  package func correction(
    of client: Int, from version: ServerVersion
  ) -> GradientCorrection? {
    base.correction(of: client, from: version).map { correction in
      GradientCorrection(
        proximal: correction.proximal,
        drift: correction.drift.map { parts.joined($0, initial.map { _ in 0 }) })
    }
  }

  package mutating func keep(_ work: ClientWork) {
    parts.keep(work.change, of: work.client, initial: initial)
    base.keep(shared(work))
  }

  package func message(_ work: ClientWork) -> [Float] { base.message(shared(work)) }

  private func shared(_ work: ClientWork) -> ClientWork {
    ClientWork(
      client: work.client, base: work.base, part: work.part,
      change: parts.shared(of: work.change), steps: work.steps)
  }

  fileprivate func shared(_ update: ClientUpdate) -> ClientUpdate {
    ClientUpdate(
      shared(update.work), sent: update.sent, received: update.received, weight: update.weight,
      staleness: update.staleness)
  }

  // MARK: Server step

  /// What a client sends is a part of its change.
  package var onlyAddsChanges: Bool { false }

  package mutating func receive(_ update: ClientUpdate) { base.receive(shared(update)) }

  package var testedModels: [ClientModel] {
    let clients = parts.testedClients
    return clients.isEmpty
      ? [model(nil, from: version)] : clients.map { model(nil, from: version, of: $0) }
  }

  package var writtenModels: [ClientModel] { testedModels }
}

extension PartialSharing: TieredAlgorithm where Base: TieredAlgorithm {
  package mutating func receive(_ update: ClientUpdate, at edge: Int) {
    base.receive(shared(update), at: edge)
  }
}
