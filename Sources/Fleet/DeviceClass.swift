import EventSimulation

/// A class of devices in a fleet, with the distributions of their properties.
public struct DeviceClass: Hashable, Codable, Sendable {
  public var name: String

  /// The share of the fleet that belongs to the class, from 0 to 1.
  public var share: Double

  /// The sustained speed during training.
  public var compute: QuantityDistribution<ComputeRate>

  /// The speed for matrix products in bfloat16; nil if equal to that in float32.
  public var bfloat16Compute: QuantityDistribution<ComputeRate>?

  /// The memory available for training.
  public var memory: QuantityDistribution<ByteCount>

  /// The bandwidth trace file that its devices' links follow; nil if the rates are constant.
  public var bandwidthTrace: String?

  /// The link from the server to the device; with a trace, its mean rate.
  public var download: QuantityDistribution<BitRate>

  /// The link from the device to the server; with a trace, its mean rate.
  public var upload: QuantityDistribution<BitRate>

  /// The round-trip time between the device and the server.
  public var rtt: QuantityDistribution<SimulationDuration>

  /// The probability that the device drops out of a task, from 0 to 1.
  public var dropout: Double

  /// The fraction of `compute` that training achieves, above 0 and at most 1.
  public var utilisation: Double

  /// The mean additional delay of a transfer's first byte beyond the round trips.
  public var jitter: QuantityDistribution<SimulationDuration>

  /// The packet loss probability; nil for that of the transport.
  public var loss: PacketLoss?

  /// The rate of dropouts per hour in each phase.
  public var hazard: HazardRates

  /// The memory bandwidth during training; nil if memory traffic takes no additional time.
  public var memoryBandwidth: QuantityDistribution<MemoryBandwidth>?

  /// The overhead of each kernel of a training step.
  public var kernelOverhead: QuantityDistribution<SimulationDuration>

  /// The thermal throttling of devices; nil for none.
  public var heat: HeatLimit?

  /// The power consumption of devices; nil if unknown.
  public var power: PowerUse?

  /// The battery requirements of the devices; nil for mains-powered devices.
  public var battery: Battery?

  public init(
    name: String,
    share: Double,
    compute: QuantityDistribution<ComputeRate>,
    memory: QuantityDistribution<ByteCount>,
    download: QuantityDistribution<BitRate>,
    upload: QuantityDistribution<BitRate>,
    rtt: QuantityDistribution<SimulationDuration>,
    dropout: Double,
    utilisation: Double = 1,
    jitter: QuantityDistribution<SimulationDuration> = .fixed(.zero),
    loss: PacketLoss? = nil,
    hazard: HazardRates = .none,
    memoryBandwidth: QuantityDistribution<MemoryBandwidth>? = nil,
    kernelOverhead: QuantityDistribution<SimulationDuration> = .fixed(.zero),
    heat: HeatLimit? = nil,
    power: PowerUse? = nil,
    battery: Battery? = nil,
    bfloat16Compute: QuantityDistribution<ComputeRate>? = nil,
    bandwidthTrace: String? = nil
  ) {
    self.name = name
    self.share = share
    self.compute = compute
    self.memory = memory
    self.download = download
    self.upload = upload
    self.rtt = rtt
    self.dropout = dropout
    self.utilisation = utilisation
    self.jitter = jitter
    self.loss = loss
    self.hazard = hazard
    self.memoryBandwidth = memoryBandwidth
    self.kernelOverhead = kernelOverhead
    self.heat = heat
    self.power = power
    self.battery = battery
    self.bfloat16Compute = bfloat16Compute
    self.bandwidthTrace = bandwidthTrace
  }
}
