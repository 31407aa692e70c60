import Foundation

/// Image folders whose pictures belong to clients.
extension ImageFolderListing {
  /// Lists `CLIENT/CLASS/`, or `CLASS/` next to a `clients.csv`.
  ///
  /// Clients and classes are sorted by the bytes of their names. A class may lack pictures of some
  /// clients.
  init(clients directory: URL) throws(DatasetError) {
    let table = directory.appendingPathComponent(ClientTable.fileName)
    if FileManager.default.fileExists(atPath: table.path) {
      try self.init(directory, knowing: ClientTable.fileName)
      owners = try ClientTable(table).owners(
        of: parts.flatMap(\.self).map { Self.path(of: $0.file, in: directory) })
      otherFiles = [table]
    } else {
      try self.init(clientFolders: directory)
    }
  }

  /// The path of a file below a folder, as listed.
  private static func path(of file: URL, in directory: URL) -> String {
    let depth = directory.pathComponents.count
    return file.pathComponents.dropFirst(depth).joined(separator: "/")
  }

  private init(clientFolders directory: URL) throws(DatasetError) {
    let clients = try Self.folders(in: directory)
    guard !clients.isEmpty else {
      throw DatasetError(
        "\(directory.path) has no folders; a natural partition needs CLIENT/CLASS/ with pictures, or a clients.csv."
      )
    }
    var others = PassedOver()
    for name in try Self.names(in: directory) where !clients.contains(name) {
      others.add(directory.appendingPathComponent(name))
    }
    var found: [(client: Int32, className: String, file: URL)] = []
    for (client, name) in clients.enumerated() {
      let folder = directory.appendingPathComponent(name)
      let classes = try Self.folders(in: folder)
      for other in try Self.names(in: folder) where !classes.contains(other) {
        others.add(folder.appendingPathComponent(other))
      }
      let samples = try Self.samples(of: classes, in: folder, &others)
      guard !samples.isEmpty else {
        throw DatasetError(
          "\(folder.path) has no pictures in a class folder; a natural partition needs CLIENT/CLASS/ with pictures, or a clients.csv beside CLASS/."
        )
      }
      found += samples.map { (Int32(client), classes[Int($0.label)], $0.file) }
    }
    let classes = Set(found.map(\.className)).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    guard classes.count >= 2 else {
      throw DatasetError(
        "\(directory.path) has pictures of only \(classes.count) class; give CLIENT/CLASS/ for at least two classes."
      )
    }
    let labels = Dictionary(uniqueKeysWithValues: zip(classes, Int32(0)...))
    self.init(
      directory: directory, classFolders: classes,
      parts: [found.map { Sample(file: $0.file, label: labels[$0.className]!) }],
      remark: others.sentence(directory),
      owners: .init(names: clients, ofSamples: found.map(\.client)))
  }
}
