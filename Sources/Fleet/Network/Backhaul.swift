import EventSimulation

/// The links between an edge and the cloud, which an edge has for itself.
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
  /// Both directions between an edge and the cloud, with what is drawn for one transfer of the edge's.
  package func links(of backhaul: Backhaul, edge: Int, transfer: Int) -> TransferLinks {
    links(
      of: DeviceProfile(
        // A number that no device has, whose draws are its own.
        id: -1 - edge, classIndex: 0, className: "edge", compute: ComputeRate(1), memory: .zero,
        download: backhaul.download, upload: backhaul.upload, rtt: backhaul.rtt, dropout: 0,
        jitter: .zero, hazard: .none, kernelOverhead: .zero),
      task: transfer)
  }
}
