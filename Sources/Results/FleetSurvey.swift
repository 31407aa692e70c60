import Fleet

/// The devices of a fleet with sufficient memory for a method, and the data that is missing because
/// of the others.
///
/// Covers all devices, or ten thousand evenly spaced ids of a large fleet.
public struct FleetSurvey: Codable, Sendable, Equatable {
  /// The devices of one class.
  public struct Group: Codable, Sendable, Equatable {
    public let deviceClass: String
    public fileprivate(set) var devices = 0
    public fileprivate(set) var excluded = 0
    /// The number of eligible devices that need a fallback to fit their memory.
    public fileprivate(set) var adapted = 0
    /// The fallbacks in the scenario's notation, and the number of devices that use each.
    public fileprivate(set) var fallbacks: [String: Int] = [:]
  }

  /// The samples of one class of the data.
  public struct Data: Codable, Sendable, Equatable {
    public let className: String
    /// The samples of all devices in the survey.
    public fileprivate(set) var samples = 0
    /// The samples of devices with insufficient memory.
    public fileprivate(set) var missing = 0

    /// The missing share; 0 if no device has any samples.
    public var missingShare: Double { samples > 0 ? Double(missing) / Double(samples) : 0 }
  }

  /// By device class, in the fleet's order, including classes without devices.
  public private(set) var groups: [Group]
  /// By class of the data, in the data set's order.
  public private(set) var data: [Data]
  /// The peak memory over all devices.
  public private(set) var peakMemory = ByteCount.zero

  /// Creates an empty survey.
  ///
  /// - Parameters:
  ///   - deviceClasses: the names of the fleet's classes.
  ///   - dataClasses: the names of the data's classes.
  package init(deviceClasses: [String], dataClasses: [String]) {
    groups = deviceClasses.map { Group(deviceClass: $0) }
    data = dataClasses.map { Data(className: $0) }
  }

  /// Adds one device.
  ///
  /// - Parameters:
  ///   - index: the index of its class.
  ///   - peak: the memory that its task needs.
  ///   - fallbacks: what it changes about its task to fit its memory.
  ///   - labels: the labels of its samples.
  package mutating func add(
    deviceOfClass index: Int, memory: ByteCount, peak: ByteCount, fallbacks: [String],
    labels: [Int]
  ) {
    let isExcluded = peak > memory
    peakMemory = max(peakMemory, peak)
    groups[index].devices += 1
    if isExcluded {
      groups[index].excluded += 1
    } else if !fallbacks.isEmpty {
      groups[index].adapted += 1
      for fallback in fallbacks { groups[index].fallbacks[fallback, default: 0] += 1 }
    }
    for label in labels {
      data[label].samples += 1
      if isExcluded { data[label].missing += 1 }
    }
  }

  public var devices: Int { groups.reduce(0) { $0 + $1.devices } }

  public var excluded: Int { groups.reduce(0) { $0 + $1.excluded } }

  /// The number of devices that need a fallback to fit their memory.
  public var adapted: Int { groups.reduce(0) { $0 + $1.adapted } }

  /// The class of the data with the largest missing share; nil if nothing is missing.
  public var scarcest: Data? {
    data.filter { $0.missing > 0 }.max { $0.missingShare < $1.missingShare }
  }

  /// The share of devices with sufficient memory.
  public var eligibleShare: Double { Double(devices - excluded) / Double(devices) }

  /// The ids of all devices of a fleet, or of ten thousand of a large one.
  package static func devices(of population: Int) -> [Int] {
    let most = 10_000
    return population <= most
      ? Array(0..<population)
      : (0..<most).map { Int(Int128($0) * Int128(population) / Int128(most)) }
  }
}
