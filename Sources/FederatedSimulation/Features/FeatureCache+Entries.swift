import Fleet
import Foundation
import Storage

/// What the user sees of the cache, and throws away.
extension FeatureCache {
  package struct Entry: Sendable {
    /// What the features were computed from, as 64 digits.
    package let key: String
    package let size: ByteCount
    package let lastUse: Date
    /// Nil where the file is damaged.
    package let contents: Contents?
  }

  package struct Contents: Sendable {
    package let dataSet: String
    package let base: String
    /// How many samples have features, of how many that the data set has.
    package let samples: Int
    package let population: Int
  }

  /// All entries, the one used last first.
  ///
  /// - Throws: `FeatureCacheError` where the folder is there but cannot be listed.
  package func entries() throws(FeatureCacheError) -> [Entry] {
    try files().compactMap { file in
      guard file.pathExtension == "safetensors" else { return nil }
      let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
      return Entry(
        key: file.deletingPathExtension().lastPathComponent, size: Self.size(file),
        lastUse: attributes?[.modificationDate] as? Date ?? .distantPast,
        contents: Contents(file))
    }.sorted { ($1.lastUse, $0.key) < ($0.lastUse, $1.key) }
  }

  /// Removes entries, and what killed processes left.
  ///
  /// - Parameter keys: how the keys of the entries start; none for all entries.
  /// - Returns: how many entries were removed, and what that freed.
  /// - Throws: `FeatureCacheError` where a key is none or not one entry's; nothing is removed then.
  package func clear(_ keys: [String] = []) throws(FeatureCacheError) -> (
    count: Int, freed: ByteCount
  ) {
    let entries = try entries()
    var chosen = Set(keys.isEmpty ? entries.map(\.key) : [])
    for key in keys {
      let matches = entries.filter { $0.key.hasPrefix(key) }
      guard let match = matches.first, !key.isEmpty else { throw .unknown(key, in: directory) }
      guard matches.count == 1 else { throw .ambiguous(key) }
      chosen.insert(match.key)
    }
    guard FileManager.default.fileExists(atPath: directory.path) else { return (0, .zero) }
    let lock = FolderLock(directory)
    defer { withExtendedLifetime(lock) {} }
    var freed = removeLeftovers(lock)
    for key in chosen.sorted() {
      let size = Self.size(file(key))
      do { try FileManager.default.removeItem(at: file(key)) } catch {
        throw .unwritable(directory, error)
      }
      freed += size
    }
    return (chosen.count, freed)
  }

  /// Removes what processes left that were killed while they wrote, and tells its size.
  ///
  /// Who writes holds the lock; under it, every temporary file is such a leftover.
  @discardableResult
  func removeLeftovers(_ lock: FolderLock) -> ByteCount {
    guard lock.isHeld, let files = try? files() else { return .zero }
    var freed = ByteCount.zero
    for file in files where file.pathExtension == Self.temporaryExtension {
      freed += Self.size(file)
      try? FileManager.default.removeItem(at: file)
    }
    return freed
  }

  /// What lies in the folder; nothing where there is none.
  private func files() throws(FeatureCacheError) -> [URL] {
    guard FileManager.default.fileExists(atPath: directory.path) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: directory.path)
        .map { directory.appending(path: $0) }
    } catch {
      throw .unlistable(directory, error)
    }
  }

  private static func size(_ file: URL) -> ByteCount {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return ByteCount(attributes?[.size] as? Int ?? 0)
  }
}

extension FeatureCache.Contents {
  fileprivate init?(_ file: URL) {
    guard let header = try? FeatureFile(file).header, let dataSet = header.dataSet,
      let base = header.base, let population = header.population
    else { return nil }
    self.init(dataSet: dataSet, base: base, samples: header.count, population: population)
  }
}
