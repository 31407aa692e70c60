/// The tasks in flight by their ids, none of which is given twice.
///
/// A task lies in the slot that its id leaves when divided by their number, a power of two, so that it is found
/// without hashing. Ids ascend; one whose slot is taken is left out.
struct TaskTable: Sendable {
  /// The id of the task in each slot, or `vacant`.
  private var occupants = [Int](repeating: Self.vacant, count: 16)
  private var tasks = [InFlightTask?](repeating: nil, count: 16)
  private var nextID = 0
  private(set) var count = 0

  private static let vacant = -1

  var isEmpty: Bool { count == 0 }

  /// The ids of all tasks, ascending.
  var ids: [Int] { occupants.filter { $0 != Self.vacant }.sorted() }

  /// Whether the task is still in flight.
  func contains(_ id: Int) -> Bool { occupants[slot(of: id)] == id }

  /// A task that is in flight.
  subscript(id: Int) -> InFlightTask {
    _read { yield tasks[occupiedSlot(of: id)]! }
    _modify { yield &tasks[occupiedSlot(of: id)]! }
  }

  /// - Returns: the task's id.
  mutating func insert(_ task: InFlightTask) -> Int {
    if 2 * count >= occupants.count { grow() }
    while occupants[slot(of: nextID)] != Self.vacant { nextID += 1 }
    let id = nextID
    put(task, id)
    nextID += 1
    count += 1
    return id
  }

  mutating func remove(_ id: Int) -> InFlightTask {
    let slot = occupiedSlot(of: id)
    occupants[slot] = Self.vacant
    count -= 1
    return tasks[slot].take()!
  }

  private func slot(of id: Int) -> Int { id & (occupants.count - 1) }

  private func occupiedSlot(of id: Int) -> Int {
    let slot = slot(of: id)
    precondition(occupants[slot] == id, "task \(id) is not in flight")
    return slot
  }

  private mutating func put(_ task: InFlightTask, _ id: Int) {
    occupants[slot(of: id)] = id
    tasks[slot(of: id)] = task
  }

  /// Ids that differ when divided by some number differ when divided by its double.
  private mutating func grow() {
    let old = (occupants, tasks)
    occupants = .init(repeating: Self.vacant, count: 2 * old.0.count)
    tasks = .init(repeating: nil, count: 2 * old.0.count)
    for (id, task) in zip(old.0, old.1) where id != Self.vacant { put(task!, id) }
  }
}

extension TaskTable: Codable {
  private enum CodingKeys: String, CodingKey { case occupants, nextID, tasks }

  /// The slots without a task are written too: so a table that is read takes no more memory than the bytes that
  /// it came in account for.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(occupants, forKey: .occupants)
    try container.encode(nextID, forKey: .nextID)
    try container.encode(tasks.compactMap { $0 }, forKey: .tasks)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    occupants = try container.decode([Int].self, forKey: .occupants)
    nextID = try container.decode(Int.self, forKey: .nextID)
    let entries = try container.decode([InFlightTask].self, forKey: .tasks)
    let mask = occupants.count - 1
    let slots = occupants.indices.filter { occupants[$0] != Self.vacant }
    guard occupants.count.nonzeroBitCount == 1, occupants.count >= 16,
      2 * entries.count <= occupants.count, entries.count == slots.count,
      slots.allSatisfy({ (0..<nextID).contains(occupants[$0]) && occupants[$0] & mask == $0 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .tasks, in: container, debugDescription: "the tasks do not fit their table")
    }
    tasks = .init(repeating: nil, count: occupants.count)
    for (slot, task) in zip(slots, entries) { tasks[slot] = task }
    count = entries.count
  }
}
