/// Tasks that workers train together, by what it takes to train them again.
struct TrainingGroup: Codable, Sendable {
  /// A task that is in flight, or was when the group began: as long as one of the group is, all are members,
  /// because products with more rows may round otherwise.
  struct Member: Codable, Sendable {
    let id: Int
    let client: Int
    let draw: Int
    let setup: TaskSetup
  }

  /// The number of the version that all of them start from.
  let baseVersion: Int
  let members: [Member]
}
