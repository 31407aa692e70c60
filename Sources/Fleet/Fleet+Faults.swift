extension Fleet {
  /// All errors in the description of a fleet, in key order.
  ///
  /// The shares are scaled to a sum of one. Their sum may deviate from one by 0.002, so that three
  /// classes may each have a share of 0.333.
  ///
  /// - Parameter count: nil for recorded devices, for which shares are not used.
  public static func faults(count: Int?, classes: [DeviceClass]) -> [FleetFault] {
    var faults: [FleetFault] = []
    if let count, count < 1 {
      faults.append(
        FleetFault(key: "devices", reason: "a fleet needs at least one device, not \(count)"))
    }
    for (index, deviceClass) in classes.enumerated() {
      faults += deviceClass.faults.map {
        FleetFault(key: "classes[\(index)].\($0.key)", reason: $0.reason)
      }
      if classes[..<index].contains(where: { $0.name == deviceClass.name }) {
        faults.append(
          FleetFault(
            key: "classes[\(index)].name",
            reason: "another class already has the name \"\(deviceClass.name)\""))
      }
    }
    let total = classes.reduce(0) { $0 + $1.share }
    if classes.isEmpty {
      faults.append(FleetFault(key: "classes", reason: "a fleet needs at least one class"))
    } else if count != nil, !(abs(total - 1) < 0.002) {
      faults.append(
        FleetFault(
          key: "classes", reason: "the shares of the classes add up to \(total) instead of 1"))
    }
    return faults
  }
}
