/// A clock and the events that it will reach: the whole of a simulation's time.
///
/// A simulation is a loop over `next()`, in which each event may schedule others:
///
///     while let (time, event) = schedule.next() { … }
package struct EventSchedule<Event: Codable & Sendable>: Codable, Sendable {
  private var clock = VirtualClock()
  private var queue = EventQueue<Event>()

  package init() {}

  /// The instant of the event that `next()` gave last.
  package var now: SimulationTime { clock.now }

  /// How many events wait.
  package var count: Int { queue.count }

  package var isEmpty: Bool { queue.isEmpty }

  /// When the next event is due, or nil where none waits.
  package var nextTime: SimulationTime? { queue.nextTime }

  /// Schedules an event at an instant that must not lie before `now`. O(log n).
  @discardableResult
  package mutating func schedule(_ event: Event, at time: SimulationTime) -> EventHandle {
    precondition(time >= now, "an event cannot be scheduled in the past")
    return queue.push(event, at: time)
  }

  /// Schedules an event when `delay`, which must not be negative, has gone from `now`. O(log n).
  @discardableResult
  package mutating func schedule(
    _ event: Event, after delay: SimulationDuration
  ) -> EventHandle {
    schedule(event, at: now + delay)
  }

  /// Takes back an event that has not come yet; nil where it has, or was taken back before.
  @discardableResult
  package mutating func cancel(_ handle: EventHandle) -> Event? { queue.cancel(handle) }

  /// Advances the clock to the next event and gives it, or nil at the end. O(log n).
  package mutating func next() -> (time: SimulationTime, event: Event)? {
    guard let (time, event) = queue.pop() else { return nil }
    clock.advance(to: time)
    return (time, event)
  }
}
