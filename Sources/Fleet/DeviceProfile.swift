import EventSimulation

/// The properties of one device, drawn from the distributions of its class.
public struct DeviceProfile: Hashable, Codable, Sendable {
  /// The 0-based id of the device in its fleet.
  public var id: Int

  /// The index of its class in the fleet's list of classes.
  public var classIndex: Int

  public var className: String

  /// The sustained speed during training.
  public var compute: ComputeRate

  /// The speed for matrix products in bfloat16; nil if equal to that in float32.
  public var bfloat16Compute: ComputeRate?

  /// The memory available for training.
  public var memory: ByteCount

  public var download: BitRate

  public var upload: BitRate

  /// The round-trip time to the server.
  public var rtt: SimulationDuration

  /// The probability that the device drops out of a task.
  public var dropout: Double

  /// The mean additional delay of a transfer's first byte beyond the round trips.
  public var jitter: SimulationDuration

  /// The packet loss probability; nil for that of the transport.
  public var loss: PacketLoss?

  /// The rate of dropouts per hour in each phase.
  public var hazard: HazardRates

  /// The memory bandwidth during training; nil if memory traffic takes no additional time.
  public var memoryBandwidth: MemoryBandwidth?

  /// The overhead of each kernel of a training step.
  public var kernelOverhead: SimulationDuration

  public var heat: HeatLimit?

  /// Nil if the power consumption is unknown.
  public var power: PowerUse?

  public var battery: Battery?
}
