import Adaptation
import Tensors

/// An algorithm that can be an edge's: its versions can be replaced by those of the cloud.
package protocol EdgeAlgorithm: FederatedAlgorithm {
  /// Takes a version over; updates since the last version stay.
  mutating func adopt(_ version: ServerVersion)
}

/// What a server does whose clients reach it through edges, each with a version of its own.
package protocol TieredAlgorithm: FederatedAlgorithm {
  /// The version that an edge's clients start from. Its number tells its parameters from all others'.
  func version(at edge: Int) -> ServerVersion

  /// Takes an update in at an edge, in the order of arrival.
  mutating func receive(_ update: ClientUpdate, at edge: Int)

  /// Makes an edge's next version of the updates since its last.
  mutating func makeVersion(at edge: Int)

  /// Sets the current version aside, which is on its way to an edge.
  mutating func sendDown(to edge: Int)

  /// An edge has what was sent to it.
  mutating func adopt(at edge: Int)

  /// Sets an edge's version aside, which is on its way to the cloud.
  mutating func sendUp(from edge: Int)

  /// The cloud has what an edge sent.
  ///
  /// - Parameter staleness: how many versions the cloud has made since the one that the edge took over.
  mutating func receive(from edge: Int, staleness: Int)

  /// An edge loses all that it has.
  mutating func lose(at edge: Int)
}

/// Hierarchical federated averaging (HierFAVG: Liu et al., arXiv 1905.06641, Algorithm 1).
///
/// Edge l makes versions of its clients' updates, w_l = sum_k n_k w_k / sum_k n_k, as often as its coordinator says.
/// Then the cloud takes w_l - w, the change from the version w that the edge took over, as the update of one
/// client whose weight is the samples of all updates that went into it, and makes its version as its own algorithm
/// does. With one update from each client in each of an edge's versions and a plain mean, that is
/// w = sum_l n_l w_l / sum_l n_l with n_l the samples of the edge's clients.
///
/// Weights are those relative to the first edge's of a version, so that a single edge has the weight 1 and the cloud's
/// version is the edge's to the bit. Where clients go on while their edge's version is on its way, what they add
/// since is added to the cloud's version when it comes.
package struct HierarchicalAveraging<Cloud: FederatedAlgorithm, Edge: EdgeAlgorithm>:
  TieredAlgorithm
{
  private var cloud: Cloud
  private var sites: [Site]
  /// Versions of edges so far, by which each has a number that no other has and that no version of the cloud's has.
  private var made = 0
  /// The samples of the first edge whose version came since the cloud's last.
  private var unit: Double?

  private struct Site: Codable {
    var algorithm: Edge
    /// The cloud's version that it took over last.
    var base: ServerVersion
    /// What is on its way from the cloud.
    var arriving: ServerVersion?
    /// Its version as it was sent last, or taken over since; nil where it has none any more.
    var reference: ServerVersion?
    /// What is on its way to the cloud.
    var leaving: Leaving?
    /// The samples of the updates since it sent its version.
    var samples = 0.0
  }

  private struct Leaving: Codable {
    let version: ServerVersion
    let base: ServerVersion
    let samples: Double
  }

  /// - Parameter edge: what each of so many edges begins as.
  package init(_ cloud: Cloud, edge: Edge, count: Int) {
    self.cloud = cloud
    let site = Site(algorithm: edge, base: cloud.version)
    sites = .init(repeating: site, count: count)
  }

  // MARK: Edges

  package func version(at edge: Int) -> ServerVersion { sites[edge].algorithm.version }

  package mutating func receive(_ update: ClientUpdate, at edge: Int) {
    sites[edge].samples += update.weight
    sites[edge].algorithm.receive(update)
  }

  package mutating func makeVersion(at edge: Int) {
    sites[edge].algorithm.makeVersion()
    number(sites[edge].algorithm.version, at: edge)
  }

  /// Gives an edge a version, under a number that no other has.
  private mutating func number(_ version: ServerVersion, at edge: Int) {
    made += 1
    sites[edge].algorithm.adopt(version.numbered(-made))
  }

  package mutating func sendDown(to edge: Int) { sites[edge].arriving = cloud.version }

  package mutating func adopt(at edge: Int) {
    guard let arriving = sites[edge].arriving.take() else {
      preconditionFailure("an edge takes over what was sent to it")
    }
    let current = sites[edge].algorithm.version
    let reference = sites[edge].reference
    sites[edge].base = arriving
    sites[edge].reference = arriving
    guard let reference, reference.number != current.number else {
      return sites[edge].algorithm.adopt(arriving)
    }
    var merged = arriving
    merged.parameters = LongVectors.sum(
      arriving.parameters, 1,
      times: LongVectors.sum(current.parameters, -1, times: reference.parameters))
    number(merged, at: edge)
  }

  package mutating func sendUp(from edge: Int) {
    let version = sites[edge].algorithm.version
    sites[edge].leaving = Leaving(
      version: version, base: sites[edge].base, samples: sites[edge].samples)
    sites[edge].reference = version
    sites[edge].samples = 0
  }

  package mutating func receive(from edge: Int, staleness: Int) {
    guard let leaving = sites[edge].leaving.take(), leaving.samples > 0 else { return }
    let unit = unit ?? leaving.samples
    self.unit = unit
    let (start, end) = (
      cloud.model(nil, from: leaving.base), cloud.model(nil, from: leaving.version)
    )
    let work = ClientWork(
      client: edge, base: leaving.base, part: end.lora?.part,
      change: LongVectors.sum(end.parameters, -1, times: start.parameters))
    cloud.receive(
      ClientUpdate(
        work, sent: work.change, weight: leaving.samples / unit, staleness: staleness))
  }

  package mutating func lose(at edge: Int) {
    // The version that this makes of them is never used.
    sites[edge].algorithm.makeVersion()
    sites[edge].arriving = nil
    sites[edge].leaving = nil
    sites[edge].reference = nil
    sites[edge].samples = 0
  }

  package mutating func makeVersion() {
    cloud.makeVersion()
    unit = nil
  }

  // MARK: The cloud's and the edges' own

  package static var sendsChange: Bool { Edge.sendsChange }

  package var version: ServerVersion { cloud.version }
  package var trainedPart: LoRAPart? { cloud.trainedPart }
  package var clientMemory: ClientMemory { sites[0].algorithm.clientMemory }
  package var testedModels: [ClientModel] { cloud.testedModels }
  package var writtenModels: [ClientModel] { cloud.writtenModels }

  package func model(_ part: TrainedPart?, from version: ServerVersion) -> ClientModel {
    cloud.model(part, from: version)
  }

  package func numbersDown(_ part: TrainedPart?, last: Int?) -> Int {
    cloud.numbersDown(part, last: last)
  }

  package func numbersUp(_ part: TrainedPart?) -> Int { cloud.numbersUp(part) }

  package func message(_ work: ClientWork) -> [Float] { sites[0].algorithm.message(work) }

  /// Updates come to edges.
  package mutating func receive(_ update: ClientUpdate) {
    preconditionFailure("clients send their updates to an edge")
  }
}
