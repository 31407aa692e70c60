import Foundation

/// A row of clients.csv: the accuracy of a client's model on the client's held-out samples.
struct ClientRow: TableRecord {
  let method: String
  let round: Int
  let client: Int
  let deviceClass: String
  /// The client's name in the data; empty if the data does not name clients.
  let name: String
  /// Nil without held-out samples.
  let accuracy: Double?
  /// Nil if the client was not fine-tuned.
  let fineTuned: Double?
  let isExcluded: Bool
  let updates: Int

  static let requiredColumns = ["method", "round", "client", "device_class", "accuracy"]

  init(_ row: CSVRow) throws {
    method = row.text("method")
    round = try row.integer("round")
    client = try row.integer("client")
    deviceClass = row.text("device_class")
    name = row.text("client_name")
    accuracy = try row.optionalNumber("accuracy")
    fineTuned = try row.optionalNumber("fine_tuned_accuracy")
    isExcluded = try row.optionalInteger("excluded_memory") == 1
    updates = try row.optionalInteger("updates") ?? 0
  }

  /// The rows of each method's last version in the table; nil if there is no such file.
  ///
  /// Memory does not grow with the number of versions.
  static func last(in file: URL) throws -> [String: [ClientRow]]? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    var last: [String: [ClientRow]] = [:]
    try forEach(in: file) { row, _ in
      if last[row.method]?.first?.round == row.round {
        last[row.method]!.append(row)
      } else {
        last[row.method] = [row]
      }
    }
    return last
  }
}
