/// A clock and the events that it will reach: the whole of a simulation's time.
///
/// A simulation is a loop over `next()`, in which each event may schedule others:
///
///     while let (time, event) = schedule.next() { … }
public struct EventSchedule<Event: Codable & Sendable>: Codable, Sendable {
  @usableFromInline var clock = VirtualClock()
  @usableFromInline var queue = EventQueue<Event>()

  @inlinable public init() {}

  /// The instant of the event that `next()` gave last.
  @inlinable public var now: SimulationTime { clock.now }

  /// How many events wait.
  @inlinable public var count: Int { queue.count }

  @inlinable public var isEmpty: Bool { queue.isEmpty }

  /// When the next event is due, or nil where none waits.
  @inlinable public var nextTime: SimulationTime? { queue.nextTime }

  /// What `next()` would give, without going there. O(1).
  @inlinable public var nextEvent: (time: SimulationTime, event: Event)? { queue.first }

  /// Schedules an event at an instant that must not lie before `now`. O(log n).
  @inlinable public mutating func schedule(_ event: Event, at time: SimulationTime) {
    precondition(time >= now, "an event cannot be scheduled in the past")
    queue.push(event, at: time)
  }

  /// Schedules an event when `delay`, which must not be negative, has gone from `now`. O(log n).
  @inlinable public mutating func schedule(_ event: Event, after delay: SimulationDuration) {
    schedule(event, at: now + delay)
  }

  /// Schedules an event that can be taken back, which takes a little longer. O(log n).
  @inlinable public mutating func scheduleCancellable(
    _ event: Event, at time: SimulationTime
  ) -> EventHandle {
    precondition(time >= now, "an event cannot be scheduled in the past")
    return queue.pushCancellable(event, at: time)
  }

  /// Takes back an event that has not come yet; nil where it has, or was taken back before.
  @inlinable @discardableResult
  public mutating func cancel(_ handle: EventHandle) -> Event? { queue.cancel(handle) }

  /// Advances the clock to the next event and gives it, or nil at the end. O(log n).
  @inlinable public mutating func next() -> (time: SimulationTime, event: Event)? {
    guard let (time, event) = queue.pop() else { return nil }
    clock.advance(to: time)
    return (time, event)
  }
}
