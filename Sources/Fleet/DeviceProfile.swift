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

  /// The same for matrix products in bfloat16; nil where they are as fast as those in float32.
  public var bfloat16Compute: ComputeRate?

  /// Memory available for training.
  public var memory: ByteCount

  public var download: BitRate

  public var upload: BitRate

  /// Round-trip time to the server.
  public var rtt: SimulationDuration

  /// The probability that a task is lost.
  public var dropout: Double

  /// The mean of what a transfer's first byte may be late beyond the round trips.
  public var jitter: SimulationDuration

  /// The probability that a packet is lost; nil where it is that of the transport.
  public var loss: PacketLoss?

  /// How likely a task is lost in an hour of each phase.
  public var hazard: HazardRates

  /// How fast training reads and writes memory; nil where that takes no time of its own.
  public var memoryBandwidth: MemoryBandwidth?

  /// What each kernel of a training step takes beside its work.
  public var kernelOverhead: SimulationDuration

  public var heat: HeatLimit?

  /// Nil where the energy is not known.
  public var power: PowerUse?

  public var battery: Battery?
}
