import Foundation

@testable import FederatedSimulation

/// A cache of its own for one test, which is gone when the test is over.
final class CacheFolder {
  let url: URL

  init() {
    url = FileManager.default.temporaryDirectory.appending(path: "flora-\(UUID().uuidString)")
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var cache: FeatureCache { FeatureCache(folder: url) }

  /// All that lies in the cache but its lock.
  var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: cache.directory.path)
        .filter { $0 != ".lock" }.sorted()
    }
  }
}
