import Adaptation
import Foundation
import Storage

/// Image features of frozen towers on disk: what one run computed, no later one has to.
///
/// Each key has a file, which holds the samples that were needed so far. A file is written under a
/// temporary name and takes its place whole, so that readers need no lock. Writers hold one, from reading
/// what is there to putting both in its place: of two runs that compute at once, neither loses what the
/// other one kept.
package struct FeatureCache: Sendable {
  package let directory: URL
  /// How long a run computes before it keeps what it has so far.
  var interval = Duration.seconds(60)

  /// - Parameter folder: where Flora keeps what it can make again; made when there is something to keep.
  package init(folder: URL) {
    directory = folder.appending(path: "features", directoryHint: .isDirectory)
  }

  /// `FLORA_CACHE`; or `flora` in the user's folder for caches, which is `XDG_CACHE_HOME` or `~/.cache`.
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

  /// The kept features of the given samples, as far as they are there.
  ///
  /// - Throws: `FeatureCacheError` where there is a file that cannot be used.
  func features(
    of samples: [Int], _ key: FeatureKey
  ) throws(FeatureCacheError) -> FrozenFeatures? {
    let file = file(key.digest)
    guard let features = try kept(key, of: samples) else { return nil }
    // The time of the file is that of its last use.
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: file.path)
    return features
  }

  /// Adds features to what is kept.
  ///
  /// - Throws: `FeatureCacheError` where they cannot be written; what was there stays.
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

  /// The samples of a key's file; nil where there is none.
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
