/// The tasks in flight by id; ids are never reused.
///
/// A task is in the slot of its id modulo the number of slots, a power of two, so that no hashing
/// is needed. Ids ascend; an id whose slot is occupied is skipped.
package struct TaskTable: Sendable {
  /// The id of the task in each slot, or `vacant`.
  private var occupants: [Int]
  /// Stored separately from the mutable state, so that accessing one does not copy the other.
  private var plans: [TaskPlan?]
  private var progress: [TaskProgress]
  /// Each slot's transfer on a shared link, if any.
  private var transfers: [SharedTransfer?]
  private var nextID = 0
  package private(set) var count = 0

  private static let vacant = -1

  package init() { self.init(slots: 16) }

  private init(slots: Int) {
    occupants = .init(repeating: Self.vacant, count: slots)
    plans = .init(repeating: nil, count: slots)
    progress = .init(
      repeating: TaskProgress(start: .zero, endurance: 0, countsActiveTime: false), count: slots)
    transfers = .init(repeating: nil, count: slots)
  }

  package var isEmpty: Bool { count == 0 }

  /// The ids of all tasks, ascending.
  package var ids: [Int] { occupants.filter { $0 != Self.vacant }.sorted() }

  /// Whether the task is still in flight.
  package func contains(_ id: Int) -> Bool { occupants[slot(of: id)] == id }

  /// The progress of a task in flight.
  package internal(set) subscript(id: Int) -> TaskProgress {
    _read { yield progress[occupiedSlot(of: id)] }
    _modify { yield &progress[occupiedSlot(of: id)] }
  }

  /// The transfer of a task on a shared link; nil if there is none.
  subscript(transferOf id: Int) -> SharedTransfer? {
    _read { yield transfers[occupiedSlot(of: id)] }
    _modify { yield &transfers[occupiedSlot(of: id)] }
  }

  /// The immutable properties of a task in flight.
  package func plan(of id: Int) -> TaskPlan { plans[occupiedSlot(of: id)]! }

  /// - Returns: the task's id.
  mutating func insert(_ task: InFlightTask) -> Int {
    if 4 * count >= 3 * occupants.count { grow() }
    while occupants[slot(of: nextID)] != Self.vacant { nextID += 1 }
    let id = nextID
    put(task, id)
    nextID += 1
    return id
  }

  mutating func remove(_ id: Int) -> InFlightTask {
    let slot = occupiedSlot(of: id)
    occupants[slot] = Self.vacant
    transfers[slot] = nil
    count -= 1
    return InFlightTask(plan: plans[slot].take()!, progress: progress[slot])
  }

  private func slot(of id: Int) -> Int { id & (occupants.count - 1) }

  private func occupiedSlot(of id: Int) -> Int {
    let slot = slot(of: id)
    precondition(occupants[slot] == id, "task \(id) is not in flight")
    return slot
  }

  private mutating func put(_ entry: Entry, _ id: Int) {
    put(entry.task, id)
    transfers[slot(of: id)] = entry.transfer
  }

  private mutating func put(_ task: InFlightTask, _ id: Int) {
    occupants[slot(of: id)] = id
    plans[slot(of: id)] = task.plan
    progress[slot(of: id)] = task.progress
    count += 1
  }

  private var entries: [Entry] {
    plans.indices.compactMap { slot in
      plans[slot].map {
        Entry(
          slot: slot, task: InFlightTask(plan: $0, progress: progress[slot]),
          transfer: transfers[slot])
      }
    }
  }

  private struct Entry: Codable {
    let slot: Int
    let task: InFlightTask
    let transfer: SharedTransfer?
  }

  /// Ids that differ modulo a number also differ modulo its double.
  private mutating func grow() {
    var larger = Self(slots: 2 * occupants.count)
    larger.nextID = nextID
    for entry in entries { larger.put(entry, occupants[entry.slot]) }
    self = larger
  }
}

extension TaskTable: Codable {
  private enum CodingKeys: String, CodingKey { case occupants, nextID, tasks }

  /// Encodes vacant slots too, so that a decoded table takes no more memory than its encoded bytes
  /// account for.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(occupants, forKey: .occupants)
    try container.encode(nextID, forKey: .nextID)
    try container.encode(entries, forKey: .tasks)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let occupants = try container.decode([Int].self, forKey: .occupants)
    let nextID = try container.decode(Int.self, forKey: .nextID)
    let entries = try container.decode([Entry].self, forKey: .tasks)
    let mask = occupants.count - 1
    let slots = occupants.indices.filter { occupants[$0] != Self.vacant }
    guard occupants.count.nonzeroBitCount == 1, occupants.count >= 16,
      4 * entries.count <= 3 * occupants.count, entries.map(\.slot) == slots,
      slots.allSatisfy({ (0..<nextID).contains(occupants[$0]) && occupants[$0] & mask == $0 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .tasks, in: container, debugDescription: "the tasks do not fit their table")
    }
    self.init(slots: occupants.count)
    self.nextID = nextID
    for entry in entries { put(entry, occupants[entry.slot]) }
  }
}
