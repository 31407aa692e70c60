import EventSimulation

extension FairShareLink: Codable {
  private enum CodingKeys: String, CodingKey { case capacity, now, level, groups }

  private struct WrittenGroup: Codable {
    let cap: FlowCap
    let isShared: Bool
    let service: Int128
    let since: Int128
    /// The flows by id, and the service at which each ends.
    let flows: [Int]
    let ends: [Int128]
  }

  /// Encodes the groups by cap and the flows by end, so that the encoding is independent of the
  /// link's history. O(n log n).
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(capacity, forKey: .capacity)
    try container.encode(now, forKey: .now)
    try container.encode(level, forKey: .level)
    let present = groups.filter { !$0.flows.isEmpty }.sorted { $0.cap < $1.cap }
    let written = present.map { group in
      let flows = group.flows.sorted()
      return WrittenGroup(
        cap: group.cap, isShared: group.isShared, service: group.service, since: group.since,
        flows: flows.map(\.number), ends: flows.map(\.end))
    }
    try container.encode(written, forKey: .groups)
  }

  /// - Throws: `DecodingError` if the data is not a link with its groups on the right sides of the
  ///   level and numbers in the supported range.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(capacity: try container.decode(BitRate.self, forKey: .capacity))
    now = try container.decode(SimulationTime.self, forKey: .now)
    level = try container.decode(Int128.self, forKey: .level)
    var isValid = now >= .zero && Self.amounts.contains(level)
    for group in try container.decode([WrittenGroup].self, forKey: .groups) {
      isValid = isValid && insert(group)
    }
    guard isValid, isBalanced else {
      throw DecodingError.dataCorruptedError(
        forKey: .groups, in: container, debugDescription: "the flows do not fit their link")
    }
  }

  /// The possible range of a link's service, far below the largest number.
  private static var amounts: Range<Int128> { 0..<1 << 110 }

  /// - Returns: false if the group is invalid or conflicts with an existing one.
  private mutating func insert(_ written: WrittenGroup) -> Bool {
    let last = written.isShared ? level : Int128(now.nanoseconds)
    let rate = Int128(written.isShared ? written.cap.weight : written.cap.rate)
    guard written.cap.isValid, slotOfCap[written.cap.key] == nil, !written.flows.isEmpty,
      written.flows.count == written.ends.count,
      written.isShared || written.cap.rate <= freeRate / written.flows.count,
      0 <= written.since, written.since <= last, Self.amounts.contains(written.service),
      rate * (last - written.since) < Self.amounts.upperBound >> 8
    else { return false }
    let group = FlowGroup(
      cap: written.cap, isShared: written.isShared, service: written.service, since: written.since)
    let served = group.service(at: now.nanoseconds, level)
    let slot = insert(group)
    for (flow, end) in zip(written.flows, written.ends) {
      guard !contains(flow), Self.amounts.contains(end),
        end - served <= FluidAmount(ByteCount(.max)).units
      else { return false }
      insert(flow, end: end, into: slot)
    }
    return true
  }
}

extension FlowCap {
  fileprivate var isValid: Bool {
    rate > 0 && (1...Self.mostWeight).contains(weight)
      && (weight == 1 || rate <= FairShareLink.largestCapacity.bitsPerSecond)
  }
}
