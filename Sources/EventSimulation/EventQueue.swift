import HeapModule

/// A priority queue of events ordered by (time, insertion).
///
/// No two events compare equal, so the order depends only on what was inserted. The heap stores an
/// event next to its key, except for cancellable events, which are in a table. Cancelling removes
/// an event from the table and leaves its key, which is dropped when it reaches the front, or as
/// soon as such keys outnumber the live ones.
///
/// The queue is inlinable because it is generic: without specialisation across modules it runs at a
/// third of the speed.
public struct EventQueue<Event: Codable & Sendable>: Sendable {
  @usableFromInline var keys = Heap<EventKey<Event>>()
  /// The cancellable events by sequence number.
  @usableFromInline var cancellable: [Int: Event] = [:]
  /// The number of keys whose event was cancelled.
  @usableFromInline var cancelledCount = 0
  @usableFromInline var nextSequence = 0

  @inlinable public init() {}

  /// The number of pending events. O(1).
  @inlinable public var count: Int { keys.count - cancelledCount }

  @inlinable public var isEmpty: Bool { count == 0 }

  /// The time of the next event, or nil if none is pending. O(1).
  @inlinable public var nextTime: SimulationTime? { keys.min?.time }

  /// The event that `pop()` would return, or nil if none is pending. O(1).
  @inlinable public var first: (time: SimulationTime, event: Event)? {
    keys.min.flatMap { key in
      (key.event ?? cancellable[key.sequence]).map { (key.time, $0) }
    }
  }

  /// Adds an event that cannot be cancelled. O(log n).
  @inlinable public mutating func push(_ event: Event, at time: SimulationTime) {
    keys.insert(EventKey(time: time, sequence: nextSequence, event: event))
    nextSequence += 1
  }

  /// Adds an event that its handle can cancel; slightly slower than `push`. O(log n).
  @inlinable public mutating func pushCancellable(
    _ event: Event, at time: SimulationTime
  ) -> EventHandle {
    let handle = EventHandle(sequence: nextSequence)
    nextSequence += 1
    keys.insert(EventKey(time: time, sequence: handle.sequence, event: nil))
    cancellable[handle.sequence] = event
    return handle
  }

  /// Removes and returns the earliest event; ties go to the one added first.
  ///
  /// O(log n), amortised over the cancelled events.
  @inlinable public mutating func pop() -> (time: SimulationTime, event: Event)? {
    guard let key = keys.popMin() else { return nil }
    guard let event = key.event ?? cancellable.removeValue(forKey: key.sequence) else {
      preconditionFailure("the first key of a queue always has its event")
    }
    if cancelledCount > 0 { dropCancelledKeys() }
    return (key.time, event)
  }

  /// Cancels the event of `handle` and returns it.
  ///
  /// Returns nil, and changes nothing, if the event was already popped or cancelled. Amortised
  /// O(log n).
  @inlinable @discardableResult
  public mutating func cancel(_ handle: EventHandle) -> Event? {
    guard let event = cancellable.removeValue(forKey: handle.sequence) else { return nil }
    cancelledCount += 1
    dropCancelledKeys()
    return event
  }

  @inlinable func isCancelled(_ key: EventKey<Event>) -> Bool {
    key.event == nil && cancellable[key.sequence] == nil
  }

  /// Restores the invariants: the first key has an event, and at most half of the keys have none.
  @inlinable mutating func dropCancelledKeys() {
    while let first = keys.min, isCancelled(first) {
      keys.removeMin()
      cancelledCount -= 1
    }
    if cancelledCount > count {
      keys = Heap(keys.unordered.filter { !isCancelled($0) })
      cancelledCount = 0
    }
  }
}

extension EventQueue: Codable {
  private enum CodingKeys: String, CodingKey { case nextSequence, events }

  private struct WrittenEvent: Codable {
    var time: SimulationTime
    var sequence: Int
    var isCancellable: Bool
    var event: Event
  }

  /// Encodes the pending events in the order in which they are due. O(n log n).
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(nextSequence, forKey: .nextSequence)
    let written = keys.unordered.sorted().compactMap { key in
      (key.event ?? cancellable[key.sequence]).map {
        WrittenEvent(
          time: key.time, sequence: key.sequence, isCancellable: key.event == nil, event: $0)
      }
    }
    try container.encode(written, forKey: .events)
  }

  /// Decodes a queue that returns the same events in the same order as the encoded one, ties
  /// included.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    nextSequence = try container.decode(Int.self, forKey: .nextSequence)
    let written = try container.decode([WrittenEvent].self, forKey: .events)
    var known = Set<Int>()
    for entry in written {
      guard known.insert(entry.sequence).inserted, (0..<nextSequence).contains(entry.sequence)
      else {
        throw DecodingError.dataCorruptedError(
          forKey: .events, in: container,
          debugDescription: "event number \(entry.sequence) is listed twice or was never scheduled")
      }
      if entry.isCancellable { cancellable[entry.sequence] = entry.event }
    }
    keys = Heap(
      written.map {
        EventKey(
          time: $0.time, sequence: $0.sequence, event: $0.isCancellable ? nil : $0.event)
      })
  }
}
