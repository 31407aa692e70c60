import EventSimulation

/// The links between an edge and the cloud, which no other edge shares.
public struct Backhaul: Hashable, Codable, Sendable {
  public var download: BitRate
  public var upload: BitRate
  public var rtt: SimulationDuration

  public init(download: BitRate, upload: BitRate, rtt: SimulationDuration) {
    self.download = download
    self.upload = upload
    self.rtt = rtt
  }
}

extension Connection {
  /// The links between an edge and the cloud in both directions, with the draws for one transfer.
  package func links(of backhaul: Backhaul, edge: Int, transfer: Int) -> TransferLinks {
    links(
      of: DeviceProfile(
        // An id that no device has, so that the draws are distinct.
        id: -1 - edge, classIndex: 0, className: "edge", compute: ComputeRate(1), memory: .zero,
        download: backhaul.download, upload: backhaul.upload, rtt: backhaul.rtt, dropout: 0,
        jitter: .zero, hazard: .none, kernelOverhead: .zero),
      task: transfer)
  }
}
