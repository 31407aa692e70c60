extension DeviceClass {
  /// All errors of the class by itself, each with the key of its field.
  public var faults: [FleetFault] {
    var faults: [FleetFault] = []
    if name.isEmpty { faults.append(FleetFault(key: "name", reason: "a class needs a name")) }
    for (key, value) in [("share", share), ("dropout", dropout)] where !(0...1).contains(value) {
      faults.append(FleetFault(key: key, reason: "\(key) is a number from 0 to 1, not \(value)"))
    }
    if !(utilisation > 0 && utilisation <= 1) {
      faults.append(
        FleetFault(
          key: "utilisation", reason: "utilisation is above 0 and at most 1, not \(utilisation)"))
    }
    let distributions = [
      ("compute", compute.fault), ("compute", bfloat16Compute?.fault), ("memory", memory.fault),
      ("download", download.fault),
      ("upload", upload.fault), ("rtt", rtt.fault), ("jitter", jitter.fault),
      ("memory_bandwidth", memoryBandwidth?.fault), ("kernel_overhead", kernelOverhead.fault),
    ]
    for case (let key, let reason?) in distributions {
      faults.append(FleetFault(key: key, reason: reason))
    }
    if battery != nil, power == nil {
      faults.append(
        FleetFault(
          key: "battery",
          reason:
            "\(name) has a battery but no power, so that its tasks would use no energy; add power: { computing: 4 W, sending: 1.5 W, receiving: 1 W, idle: 100 mW }, or remove the battery"
        ))
    }
    return faults
  }
}
