import Federation

/// The server versions that tasks in flight started from.
struct VersionStore: Codable, Sendable {
  private var entries: [Int: Entry] = [:]

  private struct Entry: Codable {
    let version: ServerVersion
    var tasks: Int
  }

  /// Retains a version for one more task.
  mutating func retain(_ version: ServerVersion) {
    entries[version.number, default: Entry(version: version, tasks: 0)].tasks += 1
  }

  /// Releases a version for one task.
  mutating func release(_ number: Int) {
    let tasks = entry(number).tasks
    if tasks == 1 { entries[number] = nil } else { entries[number]!.tasks = tasks - 1 }
  }

  subscript(number: Int) -> ServerVersion { entry(number).version }

  private func entry(_ number: Int) -> Entry {
    guard let entry = entries[number] else {
      preconditionFailure("no task started from version \(number)")
    }
    return entry
  }
}
