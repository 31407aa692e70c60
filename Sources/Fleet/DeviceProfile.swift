import EventSimulation

/// What one device can do: the values that it drew from its class.
public struct DeviceProfile: Hashable, Codable, Sendable {
  /// The number of the device in its fleet, from 0.
  public var id: Int

  /// The number of its class in the fleet's list of classes.
  public var classIndex: Int

  public var className: String

  /// Sustained speed while training.
  public var compute: ComputeRate

  /// Memory that is free for training.
  public var memory: ByteCount

  public var download: BitRate

  public var upload: BitRate

  /// Round-trip time to the server.
  public var rtt: SimulationDuration

  /// The probability that a task is lost.
  public var dropout: Double
}

extension DeviceProfile {
  /// The link that brings data from the server.
  package var downlink: NetworkLink { NetworkLink(rate: download, rtt: rtt) }

  /// The link that takes data to the server.
  package var uplink: NetworkLink { NetworkLink(rate: upload, rtt: rtt) }
}
