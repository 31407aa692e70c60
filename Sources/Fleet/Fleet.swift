import Randomness

/// All devices that may take part in training, none of which is kept in memory but what a table gives of it.
///
/// A device is a pure function of the seed and its number, and of a recorded one's row. Each of its quantities is drawn from a
/// stream of its own, so a change to one class, one quantity or the number of devices changes no
/// other draw; `ClassMembership` says which class a device belongs to.
public struct Fleet: Sendable {
  /// The number of devices; their ids are 0..<count.
  public let count: Int
  public let classes: [DeviceClass]
  public let seed: UInt64

  private let membership: Membership

  /// What says which class a device belongs to.
  private enum Membership: Sendable {
    case drawn(ClassMembership)
    case recorded(RecordedDevices)
  }

  /// The rates over time of devices whose classes have traces of them; nil where no class has.
  package let bandwidth: FleetBandwidth?

  /// A fleet of devices that are all drawn.
  ///
  /// - Parameter traces: those that classes name; the rates of such a class are its trace's means.
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

  /// A fleet of recorded devices; what their table leaves out is drawn.
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

  /// The number of a device's class. O(number of classes).
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

  /// Whether some device may have a quantity.
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
  /// The class with the mean rates of its bandwidth trace, which is what is expected of its devices' links.
  package func withMeanRates(of traces: [String: BandwidthTrace]) -> Self {
    guard let trace = bandwidthTrace.flatMap({ traces[$0] }) else { return self }
    var copy = self
    copy.download = .fixed(trace.download.mean)
    copy.upload = .fixed(trace.upload.mean)
    return copy
  }

  /// The speed that training achieves.
  fileprivate func sustained(_ peak: ComputeRate) -> ComputeRate {
    utilisation == 1
      ? peak : ComputeRate(nearestTo: Double(peak.operationsPerSecond) * utilisation)
  }
}
