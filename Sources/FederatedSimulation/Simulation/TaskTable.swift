/// The tasks in flight by their ids, none of which is given twice.
///
/// A task lies in the slot that its id leaves when divided by their number, a power of two, so that it is found
/// without hashing. Ids ascend; one whose slot is taken is left out.
struct TaskTable: Sendable {
  private var slots: [Slot?] = .init(repeating: nil, count: 16)
  private var nextID = 0
  private(set) var count = 0

  private struct Slot: Codable, Sendable {
    let id: Int
    var task: InFlightTask
  }

  var isEmpty: Bool { count == 0 }

  /// The ids of all tasks, ascending.
  var ids: [Int] { slots.compactMap { $0?.id }.sorted() }

  /// Whether the task is still in flight.
  func contains(_ id: Int) -> Bool { slots[slot(of: id)]?.id == id }

  /// A task that is in flight.
  subscript(id: Int) -> InFlightTask {
    _read { yield slots[occupiedSlot(of: id)]!.task }
    _modify { yield &slots[occupiedSlot(of: id)]!.task }
  }

  /// - Returns: the task's id.
  mutating func insert(_ task: InFlightTask) -> Int {
    if 2 * count >= slots.count { grow() }
    while slots[slot(of: nextID)] != nil { nextID += 1 }
    let id = nextID
    slots[slot(of: id)] = Slot(id: id, task: task)
    nextID += 1
    count += 1
    return id
  }

  mutating func remove(_ id: Int) -> InFlightTask {
    let place = occupiedSlot(of: id)
    defer {
      slots[place] = nil
      count -= 1
    }
    return slots[place]!.task
  }

  private func slot(of id: Int) -> Int { id & (slots.count - 1) }

  private func occupiedSlot(of id: Int) -> Int {
    let slot = slot(of: id)
    precondition(slots[slot]?.id == id, "task \(id) is not in flight")
    return slot
  }

  /// Ids that differ when divided by some number differ when divided by its double.
  private mutating func grow() {
    let entries = slots.compactMap { $0 }
    slots = .init(repeating: nil, count: 2 * slots.count)
    for entry in entries { slots[slot(of: entry.id)] = entry }
  }
}

extension TaskTable: Codable {
  private enum CodingKeys: String, CodingKey { case slots, nextID, tasks }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(slots.count, forKey: .slots)
    try container.encode(nextID, forKey: .nextID)
    try container.encode(slots.compactMap { $0 }, forKey: .tasks)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let size = try container.decode(Int.self, forKey: .slots)
    nextID = try container.decode(Int.self, forKey: .nextID)
    let entries = try container.decode([Slot].self, forKey: .tasks)
    guard size.nonzeroBitCount == 1, size >= 16, 2 * entries.count <= size,
      entries.allSatisfy({ (0..<nextID).contains($0.id) }),
      Set(entries.map { $0.id & (size - 1) }).count == entries.count
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .tasks, in: container, debugDescription: "the tasks do not fit their table")
    }
    slots = .init(repeating: nil, count: size)
    for entry in entries { slots[slot(of: entry.id)] = entry }
    count = entries.count
  }
}
