import Adaptation
import Tensors

/// An algorithm that an edge can run: its version can be replaced by the cloud's.
package protocol EdgeAlgorithm: FederatedAlgorithm {
  /// Replaces the version; updates since the last version are kept.
  mutating func adopt(_ version: ServerVersion)
}

/// The algorithm of a server whose clients connect through edges, each with its own version.
package protocol TieredAlgorithm: FederatedAlgorithm {
  /// The version that an edge's clients start from. Its number identifies its parameters uniquely.
  func version(at edge: Int) -> ServerVersion

  /// Receives an update at an edge, in order of arrival.
  mutating func receive(_ update: ClientUpdate, at edge: Int)

  /// Creates an edge's next version from the updates since its last one.
  mutating func makeVersion(at edge: Int)

  /// Stores the current version as in transit to an edge.
  mutating func sendDown(to edge: Int)

  /// Delivers the version in transit to an edge.
  mutating func adopt(at edge: Int)

  /// Stores an edge's version as in transit to the cloud.
  mutating func sendUp(from edge: Int)

  /// Delivers the version in transit from an edge to the cloud.
  ///
  /// - Parameter staleness: the number of cloud versions since the one that the edge adopted.
  mutating func receive(from edge: Int, staleness: Int)

  /// Discards an edge's state.
  mutating func lose(at edge: Int)
}

/// Hierarchical federated averaging (HierFAVG: Liu et al., arXiv 1905.06641, Algorithm 1).
///
/// Edge l aggregates its clients' updates, w_l = sum_k n_k w_k / sum_k n_k, as often as its
/// coordinator decides. The cloud then receives w_l - w, the change from the version w that the
/// edge adopted, as one client's update, weighted by the samples of all contributing updates, and
/// applies its own algorithm. With one update per client in each edge version and a plain mean,
/// that is w = sum_l n_l w_l / sum_l n_l, n_l the samples of the edge's clients.
///
/// Weights are relative to a version's first edge, so that a single edge has the weight 1 and the
/// cloud's version equals the edge's to the bit. If clients continue after their edge's upload
/// starts, their changes since then are added to the next cloud version on arrival.
package struct HierarchicalAveraging<Cloud: FederatedAlgorithm, Edge: EdgeAlgorithm>:
  TieredAlgorithm
{
  private var cloud: Cloud
  private var sites: [Site]
  /// The number of edge versions so far, which numbers them uniquely across edges and the cloud.
  private var made = 0
  /// The samples of the first edge version received since the last cloud version.
  private var unit: Double?

  private struct Site: Codable {
    var algorithm: Edge
    /// The cloud version that it last adopted.
    var base: ServerVersion
    /// The version in transit from the cloud.
    var arriving: ServerVersion?
    /// Its version as last sent or adopted; nil if it has lost it.
    var reference: ServerVersion?
    /// The version in transit to the cloud.
    var leaving: Leaving?
    /// The samples of the updates since it last sent its version.
    var samples = 0.0
  }

  private struct Leaving: Codable {
    let version: ServerVersion
    let base: ServerVersion
    let samples: Double
  }

  /// - Parameter edge: the initial algorithm of each of the `count` edges.
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

  /// Gives an edge a version with a unique number.
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
    // Clears the pending updates; the resulting version is never used.
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

  // MARK: Forwarding

  package static var sendsChange: Bool { Edge.sendsChange }

  /// Clients' changes go to edges; the cloud receives those of the edges.
  package var onlyAddsChanges: Bool { sites[0].algorithm.onlyAddsChanges }

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

  /// Never called, because clients send their updates to edges.
  package mutating func receive(_ update: ClientUpdate) {
    preconditionFailure("clients send their updates to an edge")
  }
}
