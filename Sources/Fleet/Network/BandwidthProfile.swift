import EventSimulation

/// The rate of a link in one direction over time: piecewise constant, and repeated cyclically.
///
/// Cumulative amounts from the start of the cycle are stored, so that the time for an amount and
/// the amount in a time are found by binary search, over any number of cycles. A rate may be zero.
package struct BandwidthProfile: Hashable, Sendable {
  /// The start of each rate in nanoseconds from the start of the cycle, ascending from zero.
  private let starts: [Int64]
  /// Bits per second; consecutive rates differ.
  private let rates: [Int]
  /// The amount carried until each of `starts`, in bits times nanoseconds per second.
  private let sums: [Int128]
  /// The amount carried per cycle.
  private let total: Int128
  /// The length of a cycle.
  package let period: SimulationDuration
  /// The highest rate.
  package let peak: BitRate
  /// The mean rate of a cycle, rounded down; at least one bit per second.
  package let mean: BitRate

  /// - Parameters:
  ///   - steps: starts, ascending from zero, and rates in bits per second, not all zero.
  ///   - period: after the start of the last step.
  package init(_ steps: [(start: SimulationDuration, rate: Int)], period: SimulationDuration) {
    precondition(steps.first?.start == .zero, "the first rate begins with the cycle")
    var (starts, rates) = ([Int64](), [Int]())
    for (start, rate) in steps where rates.last != rate {
      precondition(starts.last.map { $0 < start.nanoseconds } ?? true, "the rates are in order")
      precondition((0...FairShareLink.largestCapacity.bitsPerSecond).contains(rate))
      starts.append(start.nanoseconds)
      rates.append(rate)
    }
    precondition(starts.last! < period.nanoseconds, "the cycle ends after the last rate begins")
    var sums: [Int128] = [0]
    for (index, rate) in rates.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1] : period.nanoseconds
      sums.append(sums[index] + Int128(rate) * Int128(end - starts[index]))
    }
    total = sums.removeLast()
    precondition(total > 0, "a link carries something")
    (self.starts, self.rates, self.sums, self.period) = (starts, rates, sums, period)
    peak = BitRate(rates.max()!)
    mean = BitRate(max(1, Int(total / Int128(period.nanoseconds))))
  }

  /// Whether the rate never changes.
  package var isConstant: Bool { rates.count == 1 }

  /// The rate at a time within the cycle, and the time until it changes; nil if it never does.
  func rate(at place: Int64) -> (rate: Int, change: Int64?) {
    let index = index(at: place)
    if isConstant { return (rates[index], nil) }
    if index + 1 < starts.count { return (rates[index], starts[index + 1] - place) }
    // The next cycle may start with this one's last rate.
    let next = rates[0] == rates[index] ? starts[1] : 0
    return (rates[index], period.nanoseconds - place + next)
  }

  /// The amount carried in a time from a point in the cycle, at a limited rate. O(log n), or O(n)
  /// if the limit is below the peak.
  func carried(in time: Int64, from place: Int64, limit: Int) -> FluidAmount {
    if limit >= peak.bitsPerSecond {
      let (laps, end) = (Int128(place) + Int128(time)).quotientAndRemainder(
        dividingBy: Int128(period.nanoseconds))
      return FluidAmount(
        bitNanoseconds: laps * total + carried(upTo: Int64(end)) - carried(upTo: place))
    }
    let (laps, rest) = time.quotientAndRemainder(dividingBy: period.nanoseconds)
    var carried = Int128(laps) * (laps > 0 ? limitedTotal(limit) : 0)
    var left = rest
    for stretch in stretches(from: place) {
      let span = min(left, stretch.span)
      carried += Int128(min(stretch.rate, limit)) * Int128(span)
      left -= span
      if left == 0 { break }
    }
    return FluidAmount(bitNanoseconds: carried)
  }

  /// The time for an amount from a point in the cycle, at a limited rate, rounded up to
  /// nanoseconds. O(log n), or O(n) if the limit is below the peak.
  func time(for amount: FluidAmount, from place: Int64, limit: Int) -> Int128 {
    let need = amount.bitNanoseconds
    guard need > 0 else { return 0 }
    if limit >= peak.bitsPerSecond {
      let target = carried(upTo: place) + need
      let laps = (target - 1) / total
      let rest = target - laps * total
      // The last rate that starts before the rest is carried.
      let index = sums.partition { $0 < rest } - 1
      let wait = (rest - sums[index]).quotientRoundedUp(by: Int128(rates[index]))
      return laps * Int128(period.nanoseconds) + Int128(starts[index]) + wait - Int128(place)
    }
    let all = limitedTotal(limit)
    let laps = (need - 1) / all
    var left = need - laps * all
    var time = laps * Int128(period.nanoseconds)
    for stretch in stretches(from: place) {
      let rate = Int128(min(stretch.rate, limit))
      if rate * Int128(stretch.span) >= left { return time + left.quotientRoundedUp(by: rate) }
      left -= rate * Int128(stretch.span)
      time += Int128(stretch.span)
    }
    preconditionFailure("a cycle carries what is left of whole cycles")
  }

  /// The amount carried from the start of the cycle to a point in it.
  private func carried(upTo place: Int64) -> Int128 {
    let index = index(at: place)
    return sums[index] + Int128(rates[index]) * Int128(place - starts[index])
  }

  private func index(at place: Int64) -> Int { starts.partition { $0 <= place } - 1 }

  private func limitedTotal(_ limit: Int) -> Int128 {
    stretches(from: 0).reduce(0) { $0 + Int128(min($1.rate, limit)) * Int128($1.span) }
  }

  /// The rates of a whole cycle that starts at a given point, with their durations.
  private func stretches(from place: Int64) -> some Sequence<(rate: Int, span: Int64)> {
    let first = index(at: place)
    func end(_ index: Int) -> Int64 {
      index + 1 < starts.count ? starts[index + 1] : period.nanoseconds
    }
    return (0...starts.count).lazy.map { [starts, rates] step in
      let index = (first + step) % starts.count
      let from = step == 0 ? place : starts[index]
      let to = step == starts.count ? place : end(index)
      return (rates[index], to - from)
    }
  }
}

/// A device's position in the cycle of its link's rates.
package struct DeviceBandwidth: Sendable {
  package let profile: BandwidthProfile
  /// The device's position at the start of the run.
  let offset: Int64

  package init(_ profile: BandwidthProfile, offset: SimulationDuration) {
    self.profile = profile
    self.offset = offset.nanoseconds % profile.period.nanoseconds
  }

  private func place(at time: SimulationTime) -> Int64 {
    let period = profile.period.nanoseconds
    return Int64((Int128(time.nanoseconds) + Int128(offset)) % Int128(period))
  }

  /// The rate in bits per second, which may be zero.
  package func rate(at time: SimulationTime) -> Int { profile.rate(at: place(at: time)).rate }

  /// When the rate next changes; nil if it never does.
  package func change(after time: SimulationTime) -> SimulationTime? {
    profile.rate(at: place(at: time)).change.map { time + SimulationDuration(nanoseconds: $0) }
  }

  /// The amount carried between two instants, at a limited rate.
  package func carried(
    from start: SimulationTime, to end: SimulationTime, limit: BitRate
  ) -> FluidAmount {
    profile.carried(
      in: (end - start).nanoseconds, from: place(at: start), limit: limit.bitsPerSecond)
  }

  /// The first whole nanosecond at which an amount has been carried, at a limited rate.
  package func end(
    of amount: FluidAmount, from start: SimulationTime, limit: BitRate
  ) -> SimulationTime {
    let time = profile.time(for: amount, from: place(at: start), limit: limit.bitsPerSecond)
    return start + SimulationDuration(nanoseconds: Int64(clamping: time))
  }
}

extension FluidAmount {
  fileprivate init(bitNanoseconds: Int128) { self.init(units: bitNanoseconds << 8) }

  /// The amount in bits times nanoseconds per second, rounded up.
  fileprivate var bitNanoseconds: Int128 { (units + 255) >> 8 }
}

extension Int128 {
  fileprivate func quotientRoundedUp(by divisor: Int128) -> Int128 {
    (self + divisor - 1).quotient(by: divisor)
  }
}

extension Array {
  /// The number of leading elements that satisfy the predicate, by binary search.
  fileprivate func partition(belongsBefore: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongsBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
