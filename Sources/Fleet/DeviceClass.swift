import EventSimulation

/// A kind of device in a fleet, and what its devices draw their properties from.
public struct DeviceClass: Hashable, Codable, Sendable {
  public var name: String

  /// The part of the fleet that belongs to the class, from 0 to 1.
  public var share: Double

  /// Sustained speed while training.
  public var compute: QuantityDistribution<ComputeRate>

  /// Memory that is free for training.
  public var memory: QuantityDistribution<ByteCount>

  /// The link from the server to the device.
  public var download: QuantityDistribution<BitRate>

  /// The link from the device to the server.
  public var upload: QuantityDistribution<BitRate>

  /// Round-trip time between the device and the server.
  public var rtt: QuantityDistribution<SimulationDuration>

  /// The probability that a task is lost, from 0 to 1.
  public var dropout: Double

  public init(
    name: String,
    share: Double,
    compute: QuantityDistribution<ComputeRate>,
    memory: QuantityDistribution<ByteCount>,
    download: QuantityDistribution<BitRate>,
    upload: QuantityDistribution<BitRate>,
    rtt: QuantityDistribution<SimulationDuration>,
    dropout: Double
  ) {
    self.name = name
    self.share = share
    self.compute = compute
    self.memory = memory
    self.download = download
    self.upload = upload
    self.rtt = rtt
    self.dropout = dropout
  }
}
