import Foundation

/// The pictures of an image folder, none of which has been opened.
struct ImageFolderListing {
  struct Sample {
    let file: URL
    /// The class, an index into `classFolders`.
    let label: Int32
  }

  let directory: URL
  /// The names of the classes' folders, ascending.
  let classFolders: [String]
  /// The train part, then the test part where there is one; each class by class.
  let parts: [[Sample]]

  init(_ directory: URL) throws(DatasetError) {
    self.directory = directory
    let train = directory.appendingPathComponent("train")
    let test = directory.appendingPathComponent("test")
    // A class may be called train; then there are pictures in it and no folders.
    let hasParts = Self.isFolder(train) ? try !Self.folders(in: train).isEmpty : false
    let root = hasParts ? train : directory
    classFolders = try Self.folders(in: root)
    guard classFolders.count >= 2 else {
      throw DatasetError(
        "\(root.path) has \(classFolders.isEmpty ? "no folder" : "only one folder") of pictures; "
          + "name the folder that holds train/CLASS/ or CLASS/ for two classes or more.")
    }
    var parts = [try Self.samples(of: classFolders, in: root)]
    for (label, name) in classFolders.enumerated()
    where !parts[0].contains(where: { Int($0.label) == label }) {
      throw DatasetError(
        "\(root.appendingPathComponent(name).path) has no picture; "
          + "put PNG or JPEG files into it, or remove it.")
    }
    if hasParts, Self.isFolder(test) {
      for name in try Self.folders(in: test) where !classFolders.contains(name) {
        throw DatasetError(
          "\(test.appendingPathComponent(name).path) is a class without a folder in "
            + "\(train.path); add one, or remove it.")
      }
      parts.append(try Self.samples(of: classFolders, in: test))
    }
    self.parts = parts
  }

  private static let extensions: Set = ["png", "jpg", "jpeg"]

  private static func samples(
    of classes: [String], in root: URL
  ) throws(DatasetError) -> [Sample] {
    var samples: [Sample] = []
    for (label, name) in classes.enumerated() {
      let folder = root.appendingPathComponent(name)
      guard isFolder(folder) else { continue }
      for file in try names(in: folder).map(folder.appendingPathComponent)
      where extensions.contains(file.pathExtension.lowercased()) {
        samples.append(Sample(file: file, label: Int32(label)))
      }
    }
    return samples
  }

  private static func folders(in directory: URL) throws(DatasetError) -> [String] {
    try names(in: directory).filter { isFolder(directory.appendingPathComponent($0)) }
  }

  /// What is in a folder and not hidden, ascending by the bytes of the names.
  private static func names(in directory: URL) throws(DatasetError) -> [String] {
    guard isFolder(directory) else {
      throw DatasetError("There is no folder \(directory.path); check `data.path`.")
    }
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: directory.path) } catch {
      throw DatasetError("\(directory.path) cannot be listed; check its permissions and its disk.")
    }
    return names.filter { !$0.hasPrefix(".") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func isFolder(_ url: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }
}
