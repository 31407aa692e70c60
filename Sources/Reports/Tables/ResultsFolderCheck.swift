import Foundation

/// Whether a folder is one that a run or a sweep has left.
enum ResultsFolderCheck {
  /// - Throws: `ReportError` where the folder is not one that a run or a sweep has left.
  static func check(_ folder: URL) throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isDirectory) else {
      throw ReportError("\(folder.path) does not exist; give a folder that flora run wrote")
    }
    guard isDirectory.boolValue else {
      throw ReportError("\(folder.path) is a file; give a folder that flora run wrote")
    }
    let tables = ["rounds.csv", "sweep.csv"].map { folder.appending(path: $0).path }
    guard tables.contains(where: FileManager.default.fileExists) else {
      throw ReportError(
        "\(folder.path) is not a results folder: it has neither rounds.csv nor sweep.csv")
    }
  }
}
