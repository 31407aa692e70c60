/// A clock and its pending events: the time of a simulation.
///
/// A simulation is a loop over `next()`, in which each event may schedule others:
///
///     while let (time, event) = schedule.next() { … }
public struct EventSchedule<Event: Codable & Sendable>: Codable, Sendable {
  @usableFromInline var clock = VirtualClock()
  @usableFromInline var queue = EventQueue<Event>()

  @inlinable public init() {}

  /// The time of the event that `next()` returned last.
  @inlinable public var now: SimulationTime { clock.now }

  /// The number of pending events.
  @inlinable public var count: Int { queue.count }

  @inlinable public var isEmpty: Bool { queue.isEmpty }

  /// The time of the next event, or nil if none is pending.
  @inlinable public var nextTime: SimulationTime? { queue.nextTime }

  /// The event that `next()` would return, without advancing the clock. O(1).
  @inlinable public var nextEvent: (time: SimulationTime, event: Event)? { queue.first }

  /// Schedules an event at a time that must not be before `now`. O(log n).
  @inlinable public mutating func schedule(_ event: Event, at time: SimulationTime) {
    precondition(time >= now, "an event cannot be scheduled in the past")
    queue.push(event, at: time)
  }

  /// Schedules an event `delay` after `now`; the delay must not be negative. O(log n).
  @inlinable public mutating func schedule(_ event: Event, after delay: SimulationDuration) {
    schedule(event, at: now + delay)
  }

  /// Schedules an event that can be cancelled, which is slightly slower. O(log n).
  @inlinable public mutating func scheduleCancellable(
    _ event: Event, at time: SimulationTime
  ) -> EventHandle {
    precondition(time >= now, "an event cannot be scheduled in the past")
    return queue.pushCancellable(event, at: time)
  }

  /// Cancels a pending event and returns it; nil if it already occurred or was cancelled.
  @inlinable @discardableResult
  public mutating func cancel(_ handle: EventHandle) -> Event? { queue.cancel(handle) }

  /// Advances the clock to the next event and returns it, or nil at the end. O(log n).
  @inlinable public mutating func next() -> (time: SimulationTime, event: Event)? {
    guard let (time, event) = queue.pop() else { return nil }
    clock.advance(to: time)
    return (time, event)
  }
}
