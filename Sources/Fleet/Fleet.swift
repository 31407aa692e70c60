import Randomness

/// All devices that may take part in training, none of which is kept in memory.
///
/// A device is a pure function of the seed and its number. Each of its quantities is drawn from a
/// stream of its own, so a change to one class, one quantity or the number of devices changes no
/// other draw; `ClassMembership` says which class a device belongs to.
public struct Fleet: Sendable {
  /// The number of devices; their ids are 0..<count.
  public let count: Int
  public let classes: [DeviceClass]
  public let seed: UInt64

  private let membership: ClassMembership

  /// - Throws: the first of `faults(count:classes:)`.
  public init(count: Int, classes: [DeviceClass], seed: UInt64) throws(FleetFault) {
    if let fault = Self.faults(count: count, classes: classes).first { throw fault }
    self.count = count
    self.classes = classes
    self.seed = seed
    membership = ClassMembership(shares: classes.map(\.share), seed: seed)
  }

  /// The device of number `id`, which must be one of 0..<count. O(number of classes).
  public func profile(of id: Int) -> DeviceProfile {
    precondition((0..<count).contains(id), "a fleet of \(count) devices has no device \(id)")
    let classIndex = membership.classIndex(of: id)
    let deviceClass = classes[classIndex]
    func stream(_ purpose: StaticString) -> RandomStream {
      RandomStream(seed: seed, purpose: purpose, id)
    }
    return DeviceProfile(
      id: id,
      classIndex: classIndex,
      className: deviceClass.name,
      compute: deviceClass.sustained(deviceClass.compute.draw(from: stream("device compute"))),
      // From the same stream, so that a device that is fast is fast in each precision.
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
  }

  /// The class of the device of number `id`. O(number of classes).
  public func classIndex(of id: Int) -> Int { membership.classIndex(of: id) }

  /// How many devices belong to a class. O(number of classes), whatever the size of the fleet.
  public func deviceCount(ofClass classIndex: Int) -> Int {
    precondition(classes.indices.contains(classIndex), "there is no class \(classIndex)")
    return membership.memberCount(ofClass: classIndex, among: count)
  }
}

extension DeviceClass {
  /// What training reaches of a device's speed.
  fileprivate func sustained(_ peak: ComputeRate) -> ComputeRate {
    utilisation == 1
      ? peak : ComputeRate(nearestTo: Double(peak.operationsPerSecond) * utilisation)
  }
}
