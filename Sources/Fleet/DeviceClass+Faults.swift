extension DeviceClass {
  /// All that is wrong with the class taken by itself, each with the key of its field.
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
      ("compute", compute.fault), ("memory", memory.fault), ("download", download.fault),
      ("upload", upload.fault), ("rtt", rtt.fault), ("jitter", jitter.fault),
      ("memory_bandwidth", memoryBandwidth?.fault),
    ]
    for case (let key, let reason?) in distributions {
      faults.append(FleetFault(key: key, reason: reason))
    }
    return faults
  }
}
