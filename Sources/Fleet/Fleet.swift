import Randomness

/// All devices that may take part in training. Only values from a table are held in memory.
///
/// A device is a pure function of the seed, its id and its recorded row, if any. Each quantity is
/// drawn from its own stream, so a change to one class, one quantity or the number of devices
/// changes no other draw; `ClassMembership` assigns devices to classes.
public struct Fleet: Sendable {
  /// The number of devices; their ids are 0..<count.
  public let count: Int
  public let classes: [DeviceClass]
  public let seed: UInt64

  private let membership: Membership

  /// The source of each device's class.
  private enum Membership: Sendable {
    case drawn(ClassMembership)
    case recorded(RecordedDevices)
  }

  /// The bandwidth of devices whose classes have traces; nil if no class has one.
  package let bandwidth: FleetBandwidth?

  /// Creates a fleet whose devices are all drawn.
  ///
  /// - Parameter traces: the traces that classes name; such a class has its trace's mean rates.
  /// - Throws: the first of `faults(count:classes:)`.
  public init(
    count: Int, classes: [DeviceClass], seed: UInt64, traces: [String: BandwidthTrace] = [:]
  ) throws(FleetFault) {
    if let fault = Self.faults(count: count, classes: classes).first { throw fault }
    self.count = count
    self.classes = classes.map { $0.withMeanRates(of: traces) }
    self.seed = seed
    bandwidth = FleetBandwidth(classes.map { $0.bandwidthTrace.flatMap { traces[$0] } }, seed: seed)
    membership = .drawn(ClassMembership(shares: classes.map(\.share), seed: seed))
  }

  /// Creates a fleet of recorded devices; quantities missing from their table are drawn.
  ///
  /// - Parameter devices: read with these classes' `withMeanRates(of:)`.
  public init(
    _ devices: RecordedDevices, classes: [DeviceClass], seed: UInt64,
    traces: [String: BandwidthTrace] = [:]
  ) {
    count = devices.count
    self.classes = classes.map { $0.withMeanRates(of: traces) }
    self.seed = seed
    bandwidth = FleetBandwidth(classes.map { $0.bandwidthTrace.flatMap { traces[$0] } }, seed: seed)
    membership = .recorded(devices)
  }

  /// The index of a device's class. O(number of classes).
  public func classIndex(of id: Int) -> Int {
    precondition((0..<count).contains(id), "a fleet of \(count) devices has no device \(id)")
    switch membership {
    case .drawn(let membership): return membership.classIndex(of: id)
    case .recorded(let devices): return devices.classIndex(of: id)
    }
  }

  /// The device with `id`, which must be in 0..<count. O(number of classes).
  public func profile(of id: Int) -> DeviceProfile {
    let classIndex = classIndex(of: id)
    let deviceClass = classes[classIndex]
    func stream(_ purpose: StaticString) -> RandomStream {
      RandomStream(seed: seed, purpose: purpose, id)
    }
    var profile = DeviceProfile(
      id: id,
      classIndex: classIndex,
      className: deviceClass.name,
      compute: deviceClass.sustained(deviceClass.compute.draw(from: stream("device compute"))),
      // Uses the same stream, so that a device that is fast in one precision is fast in the other.
      bfloat16Compute: deviceClass.bfloat16Compute.map {
        deviceClass.sustained($0.draw(from: stream("device compute")))
      },
      memory: deviceClass.memory.draw(from: stream("device memory")),
      download: deviceClass.download.draw(from: stream("device download")),
      upload: deviceClass.upload.draw(from: stream("device upload")),
      rtt: deviceClass.rtt.draw(from: stream("device rtt")),
      dropout: deviceClass.dropout,
      jitter: deviceClass.jitter.draw(from: stream("device jitter")),
      loss: deviceClass.loss,
      hazard: deviceClass.hazard,
      memoryBandwidth: deviceClass.memoryBandwidth?.draw(from: stream("device bandwidth")),
      kernelOverhead: deviceClass.kernelOverhead.draw(from: stream("kernel overhead")),
      heat: deviceClass.heat,
      power: deviceClass.power,
      battery: deviceClass.battery
    )
    if case .recorded(let devices) = membership { devices.apply(to: &profile) }
    return profile
  }

  /// Whether any device may have a quantity.
  package func gives(_ quantity: RecordedQuantity) -> Bool {
    if case .recorded(let devices) = membership, devices.gives(quantity) { return true }
    return classes.indices.contains { index in
      var profile = profile(of: 0)
      let deviceClass = classes[index]
      profile.bfloat16Compute = deviceClass.bfloat16Compute.map { _ in profile.compute }
      (profile.loss, profile.hazard) = (deviceClass.loss, deviceClass.hazard)
      (profile.heat, profile.power) = (deviceClass.heat, deviceClass.power)
      profile.battery = deviceClass.battery
      return quantity.text(of: profile) != nil
    }
  }

  /// The number of devices in a class. O(number of classes), independent of the fleet's size.
  public func deviceCount(ofClass classIndex: Int) -> Int {
    precondition(classes.indices.contains(classIndex), "there is no class \(classIndex)")
    switch membership {
    case .drawn(let membership):
      return membership.memberCount(ofClass: classIndex, among: count)
    case .recorded(let devices): return devices.deviceCount(ofClass: classIndex)
    }
  }
}

extension DeviceClass {
  /// A copy with the mean rates of its bandwidth trace, the expected rates of devices' links.
  package func withMeanRates(of traces: [String: BandwidthTrace]) -> Self {
    guard let trace = bandwidthTrace.flatMap({ traces[$0] }) else { return self }
    var copy = self
    copy.download = .fixed(trace.download.mean)
    copy.upload = .fixed(trace.upload.mean)
    return copy
  }

  /// The sustained rate of training.
  fileprivate func sustained(_ peak: ComputeRate) -> ComputeRate {
    utilisation == 1
      ? peak : ComputeRate(nearestTo: Double(peak.operationsPerSecond) * utilisation)
  }
}
