import Foundation

/// Whether a folder is one that a run or a sweep has left.
enum ResultsFolderCheck {
  /// - Throws: `ReportError` where the folder is not one that a run or a sweep has left.
  static func check(_ folder: URL) throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isDirectory) else {
      throw ReportError("\(folder.path) does not exist; name the folder that flora run has left")
    }
    guard isDirectory.boolValue else {
      throw ReportError("\(folder.path) is a file; name the folder that flora run has left")
    }
    let tables = ["rounds.csv", "sweep.csv"].map { folder.appending(path: $0).path }
    guard tables.contains(where: FileManager.default.fileExists) else {
      throw ReportError(
        "\(folder.path) is no folder of results: it has neither rounds.csv nor sweep.csv")
    }
  }
}
