import Foundation

/// Checks whether a folder contains the results of a run or a sweep.
enum ResultsFolderCheck {
  /// - Throws: `ReportError` if the folder does not contain the results of a run or a sweep.
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
