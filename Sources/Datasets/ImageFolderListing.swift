import Foundation

/// The pictures of an image folder, not yet opened.
struct ImageFolderListing {
  struct Sample {
    let file: URL
    /// The class, an index into `classFolders`.
    let label: Int32
  }

  let directory: URL
  /// The names of the class folders, ascending.
  let classFolders: [String]
  /// The train part, then the test part if there is one; each class by class.
  let parts: [[Sample]]
  /// A sentence about the files that were not read; nil if all were.
  let remark: String?
  /// The clients that own the pictures; nil if not requested.
  var owners: ImageDataset.Owners?
  /// Files that were read in addition to the pictures.
  var otherFiles: [URL] = []

  init(
    directory: URL, classFolders: [String], parts: [[Sample]], remark: String?,
    owners: ImageDataset.Owners
  ) {
    self.directory = directory
    self.classFolders = classFolders
    self.parts = parts
    self.remark = remark
    self.owners = owners
  }

  /// - Parameter known: a file next to the parts that is not a picture and is not reported as
  ///   skipped.
  init(_ directory: URL, knowing known: String? = nil) throws(DatasetError) {
    self.directory = directory
    let train = directory.appendingPathComponent("train")
    let test = directory.appendingPathComponent("test")
    // A class may be named train; its folder then contains pictures and no folders.
    let hasParts = Self.isFolder(train) ? try !Self.folders(in: train).isEmpty : false
    let root = hasParts ? train : directory
    classFolders = try Self.folders(in: root)
    var others = PassedOver()
    if hasParts {
      for name in try Self.names(in: directory)
      where name != "train" && name != "test" && name != known {
        others.add(directory.appendingPathComponent(name))
      }
    }
    guard classFolders.count >= 2 else {
      throw DatasetError(
        "\(root.path) has \(classFolders.isEmpty ? "no folder" : "only one folder") of pictures; "
          + "give a folder that contains train/CLASS/ or CLASS/ for at least two classes.")
    }
    var parts = [try Self.samples(of: classFolders, in: root, &others)]
    for (label, name) in classFolders.enumerated()
    where !parts[0].contains(where: { Int($0.label) == label }) {
      throw DatasetError(
        "\(root.appendingPathComponent(name).path) contains no pictures; "
          + "put PNG, JPEG, WebP, GIF, TIFF or BMP files into it, or remove it.")
    }
    if hasParts, Self.isFolder(test) {
      for name in try Self.folders(in: test) where !classFolders.contains(name) {
        throw DatasetError(
          "\(test.appendingPathComponent(name).path) is a class without a folder in "
            + "\(train.path); add one, or remove it.")
      }
      parts.append(try Self.samples(of: classFolders, in: test, &others))
    }
    self.parts = parts
    remark = others.sentence(directory)
  }

  /// The files and folders that were skipped.
  struct PassedOver {
    private var files: [String: Int] = [:]
    private var folders: [String] = []

    mutating func add(_ url: URL) {
      if ImageFolderListing.isFolder(url) {
        folders.append(url.lastPathComponent)
      } else {
        let ending = url.pathExtension.lowercased()
        files[ending.isEmpty ? "without an ending" : ".\(ending)", default: 0] += 1
      }
    }

    func sentence(_ directory: URL) -> String? {
      let kinds = files.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      let files = files.values.reduce(0, +)
      let parts =
        (files > 0
          ? ["\(files) \(files == 1 ? "file" : "files") (\(kinds.joined(separator: ", ")))"] : [])
        + (folders.isEmpty
          ? []
          : [
            "\(folders.count) \(folders.count == 1 ? "folder" : "folders") (\(Set(folders).sorted().prefix(10).joined(separator: ", ")))"
          ])
      guard !parts.isEmpty else { return nil }
      return
        "\(parts.joined(separator: " and ")) in \(directory.path) were ignored; only PNG, JPEG, WebP, GIF, TIFF and BMP files in class folders are read"
    }
  }

  private static let extensions: Set = ["png", "jpg", "jpeg", "webp", "gif", "tif", "tiff", "bmp"]

  static func samples(
    of classes: [String], in root: URL, _ others: inout PassedOver
  ) throws(DatasetError) -> [Sample] {
    var samples: [Sample] = []
    for (label, name) in classes.enumerated() {
      let folder = root.appendingPathComponent(name)
      guard isFolder(folder) else { continue }
      for file in try names(in: folder).map(folder.appendingPathComponent) {
        if extensions.contains(file.pathExtension.lowercased()) {
          samples.append(Sample(file: file, label: Int32(label)))
        } else {
          others.add(file)
        }
      }
    }
    return samples
  }

  static func folders(in directory: URL) throws(DatasetError) -> [String] {
    try names(in: directory).filter { isFolder(directory.appendingPathComponent($0)) }
  }

  /// The non-hidden entries of a folder, sorted by the bytes of their names.
  static func names(in directory: URL) throws(DatasetError) -> [String] {
    guard isFolder(directory) else {
      throw DatasetError("There is no folder \(directory.path); check `data.path`.")
    }
    // Foundation silently skips names that are not UTF-8.
    guard let stream = opendir(directory.path) else {
      throw DatasetError("\(directory.path) cannot be listed; check its permissions and the disk.")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // An entry is no longer than its name.
      let start = UnsafeRawPointer(entry) + MemoryLayout<dirent>.offset(of: \.d_name)!
      let bytes = Array(
        UnsafeRawBufferPointer(
          start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
      guard let name = String(validating: bytes, as: UTF8.self) else {
        throw DatasetError(
          "\(directory.path) holds \"\(String(decoding: bytes, as: UTF8.self))\", a name that is not UTF-8; rename it."
        )
      }
      names.append(name)
    }
    return names.filter { !$0.hasPrefix(".") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func isFolder(_ url: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }
}
