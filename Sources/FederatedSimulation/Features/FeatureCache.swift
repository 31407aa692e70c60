import Adaptation
import Foundation
import Storage

/// A disk cache for image features of frozen towers, shared by all runs.
///
/// Each key has a file with the samples that were needed so far. Files are written under a
/// temporary name and replaced atomically, so readers need no lock. A writer holds a lock from
/// reading the existing file to replacing it with the merged one: concurrent runs do not overwrite
/// each other's features.
package struct FeatureCache: Sendable {
  package let directory: URL
  /// The interval at which a run saves the features computed so far.
  var interval = Duration.seconds(60)

  /// - Parameter folder: Flora's cache folder; created when there is something to store.
  package init(folder: URL) {
    directory = folder.appending(path: "features", directoryHint: .isDirectory)
  }

  /// `FLORA_CACHE`, or `flora` in the user's cache folder, which is `XDG_CACHE_HOME` or `~/.cache`.
  package static func defaultFolder(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> URL {
    func folder(_ variable: String) -> URL? {
      environment[variable].flatMap {
        $0.isEmpty ? nil : URL(filePath: $0, directoryHint: .isDirectory)
      }
    }
    let caches =
      folder("XDG_CACHE_HOME")
      ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")
    return folder("FLORA_CACHE") ?? caches.appending(path: "flora", directoryHint: .isDirectory)
  }

  /// The cached features of the given samples, as far as available.
  ///
  /// - Throws: `FeatureCacheError` if there is a file that cannot be used.
  func features(
    of samples: [Int], _ key: FeatureKey
  ) throws(FeatureCacheError) -> FrozenFeatures? {
    let file = file(key.digest)
    guard let features = try kept(key, of: samples) else { return nil }
    // The file's modification time is that of its last use.
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: file.path)
    return features
  }

  /// Adds features to the cache.
  ///
  /// - Throws: `FeatureCacheError` if they cannot be written; the existing file is then unchanged.
  func keep(_ features: FrozenFeatures, _ key: FeatureKey) throws(FeatureCacheError) {
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      let lock = FolderLock(directory)
      defer { withExtendedLifetime(lock) {} }
      removeLeftovers(lock)
      var all = features
      // A file that cannot be used is replaced.
      if let others = try? kept(key) {
        for sample in others.samples where !all.contains(sample) {
          all.append(Array(others[sample]), of: [sample])
        }
      }
      let temporary = directory.appending(path: "\(UUID().uuidString).\(Self.temporaryExtension)")
      defer { try? FileManager.default.removeItem(at: temporary) }
      try FeatureFile.write(all, key, to: temporary)
      guard rename(temporary.path, file(key.digest).path) == 0 else {
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      }
    } catch {
      throw .unwritable(directory, error)
    }
  }

  static let temporaryExtension = "temporary"

  func file(_ digest: String) -> URL { directory.appending(path: "\(digest).safetensors") }

  /// The cached samples of a key; nil if there is no file.
  private func kept(
    _ key: FeatureKey, of samples: [Int]? = nil
  ) throws(FeatureCacheError) -> FrozenFeatures? {
    do {
      return try FeatureFile(file(key.digest)).features(key, of: samples)
    } catch  where error.isAbsence {
      return nil
    }
  }
}
