import Foundation

@testable import FederatedSimulation

/// A test's own cache, which is removed at the end of the test.
final class CacheFolder {
  let url: URL

  init() {
    url = FileManager.default.temporaryDirectory.appending(path: "flora-\(UUID().uuidString)")
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var cache: FeatureCache { FeatureCache(folder: url) }

  /// All files in the cache except its lock.
  var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: cache.directory.path)
        .filter { $0 != ".lock" }.sorted()
    }
  }
}
