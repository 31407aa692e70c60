import Fleet

/// Who of a fleet has the memory for a method, and which data goes missing with those who have not.
///
/// All devices are asked, or of a large fleet ten thousand, evenly spread over its numbers.
public struct FleetSurvey: Codable, Sendable, Equatable {
  /// The devices of one class.
  public struct Group: Codable, Sendable, Equatable {
    public let deviceClass: String
    public fileprivate(set) var devices = 0
    public fileprivate(set) var excluded = 0
    /// Of those that can take part, the devices that change their task in order to fit it.
    public fileprivate(set) var adapted = 0
    /// What they change, as scenarios write it, and how many devices change it so.
    public fileprivate(set) var fallbacks: [String: Int] = [:]
  }

  /// The samples of one class of the data.
  public struct Data: Codable, Sendable, Equatable {
    public let className: String
    /// Those of all devices asked.
    public fileprivate(set) var samples = 0
    /// Those of devices that lack the memory.
    public fileprivate(set) var missing = 0

    /// The part that is missing; 0 where no device has any.
    public var missingShare: Double { samples > 0 ? Double(missing) / Double(samples) : 0 }
  }

  /// By device class, in the fleet's order; a class without devices has its row too.
  public private(set) var groups: [Group]
  /// By class of the data, in the data set's order.
  public private(set) var data: [Data]
  /// The most memory that any device needs.
  public private(set) var peakMemory = ByteCount.zero

  /// A survey in which no device was asked yet.
  ///
  /// - Parameters:
  ///   - deviceClasses: the names of the fleet's classes.
  ///   - dataClasses: the names of the data's.
  package init(deviceClasses: [String], dataClasses: [String]) {
    groups = deviceClasses.map { Group(deviceClass: $0) }
    data = dataClasses.map { Data(className: $0) }
  }

  /// Takes note of one device.
  ///
  /// - Parameters:
  ///   - index: of its class.
  ///   - peak: the memory that its task needs.
  ///   - fallbacks: what it changes about its task in order to fit it.
  ///   - labels: those of its samples.
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

  /// Those that change their task in order to fit it.
  public var adapted: Int { groups.reduce(0) { $0 + $1.adapted } }

  /// The class of the data of which the largest part is missing; nil where nothing is missing.
  public var scarcest: Data? {
    data.filter { $0.missing > 0 }.max { $0.missingShare < $1.missingShare }
  }

  /// The share of the devices whose memory suffices.
  public var eligibleShare: Double { Double(devices - excluded) / Double(devices) }

  /// All devices of a fleet, or of a large one ten thousand.
  package static func devices(of population: Int) -> [Int] {
    let most = 10_000
    return population <= most
      ? Array(0..<population)
      : (0..<most).map { Int(Int128($0) * Int128(population) / Int128(most)) }
  }
}
