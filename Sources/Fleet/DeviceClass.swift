import EventSimulation

/// A kind of device in a fleet, and what its devices draw their properties from.
public struct DeviceClass: Hashable, Codable, Sendable {
  public var name: String

  /// The part of the fleet that belongs to the class, from 0 to 1.
  public var share: Double

  /// Sustained speed while training.
  public var compute: QuantityDistribution<ComputeRate>

  /// The same for matrix products in bfloat16; nil where they are as fast as those in float32.
  public var bfloat16Compute: QuantityDistribution<ComputeRate>?

  /// Memory available for training.
  public var memory: QuantityDistribution<ByteCount>

  /// The file of the rates over time that its devices' links follow; nil where they do not change.
  public var bandwidthTrace: String?

  /// The link from the server to the device; with a trace, its mean.
  public var download: QuantityDistribution<BitRate>

  /// The link from the device to the server; with a trace, its mean.
  public var upload: QuantityDistribution<BitRate>

  /// Round-trip time between the device and the server.
  public var rtt: QuantityDistribution<SimulationDuration>

  /// The probability that a task is lost, from 0 to 1.
  public var dropout: Double

  /// The part of `compute` that training reaches, above 0 and at most 1.
  public var utilisation: Double

  /// The mean of what a transfer's first byte may be late beyond the round trips.
  public var jitter: QuantityDistribution<SimulationDuration>

  /// The probability that a packet is lost; nil where it is that of the transport.
  public var loss: PacketLoss?

  /// How likely a task is lost in an hour of each phase.
  public var hazard: HazardRates

  /// How fast training reads and writes memory; nil where that takes no time of its own.
  public var memoryBandwidth: QuantityDistribution<MemoryBandwidth>?

  /// What each kernel of a training step takes beside its work.
  public var kernelOverhead: QuantityDistribution<SimulationDuration>

  /// The slow-down of hot devices; nil for none.
  public var heat: HeatLimit?

  /// The power that devices use; nil where it is not known.
  public var power: PowerUse?

  /// What the devices' batteries must hold; nil for devices on the mains.
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
