import Fleet
import Foundation
import Storage

/// Listing and clearing the cache.
extension FeatureCache {
  package struct Entry: Sendable {
    /// The key of the features' inputs, 64 hexadecimal digits.
    package let key: String
    package let size: ByteCount
    package let lastUse: Date
    /// Nil if the file is damaged.
    package let contents: Contents?
  }

  package struct Contents: Sendable {
    package let dataSet: String
    package let base: String
    /// The number of samples with features, and the number of samples in the data set.
    package let samples: Int
    package let population: Int
  }

  /// All entries, most recently used first.
  ///
  /// - Throws: `FeatureCacheError` if the folder exists but cannot be listed.
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

  /// Removes entries, and leftovers of killed processes.
  ///
  /// - Parameter keys: prefixes of the entries' keys; empty for all entries.
  /// - Returns: the number of removed entries, and the bytes freed.
  /// - Throws: `FeatureCacheError` if a prefix does not match exactly one entry; nothing is removed
  ///   then.
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

  /// Removes the temporary files of processes that were killed while writing, and returns their
  /// size.
  ///
  /// Writers hold the lock, so while it is held here every temporary file is a leftover.
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

  /// The files in the folder; empty if it does not exist.
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
