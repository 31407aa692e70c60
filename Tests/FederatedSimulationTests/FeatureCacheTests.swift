import Adaptation
import Foundation
import Testing

@testable import FederatedSimulation

/// The files of the feature cache, intact or damaged.
struct FeatureCacheTests {
  private let folder = CacheFolder()
  private let key = FeatureKey.sample("a")
  private var cache: FeatureCache { folder.cache }

  @Test func `exactly the saved features are read back`() throws {
    #expect(try cache.features(of: [1, 2], key) == nil)
    try cache.keep(.sample([3, 1, 8]), key)
    let features = try #require(try cache.features(of: [1, 2, 3], key))
    #expect(features.samples == [1, 3])
    for sample in [1, 3] { #expect(features[sample] == FrozenFeatures.sample([sample])[sample]) }
    #expect(try cache.features(of: [1], .sample("b")) == nil)
  }

  @Test func `saving adds to existing features, and the same samples give the same bytes`() throws {
    try cache.keep(.sample([3, 1]), key)
    try cache.keep(.sample([9, 1, 0]), key)
    #expect(try cache.features(of: Array(0..<10), key)?.samples == [0, 1, 3, 9])
    let bytes = try Data(contentsOf: cache.file(key.digest))
    try cache.keep(.sample([0, 1, 3, 9]), key)
    #expect(try Data(contentsOf: cache.file(key.digest)) == bytes)
  }

  @Test func `concurrent writers do not lose each other's features`() throws {
    DispatchQueue.concurrentPerform(iterations: 10) { [cache, key] sample in
      #expect(throws: Never.self) { try cache.keep(.sample([sample]), key) }
    }
    #expect(try cache.features(of: Array(0..<10), key)?.samples == Array(0..<10))
    #expect(try folder.names == ["\(key.digest).safetensors"])
  }

  @Test func `every flipped bit and every truncation is detected`() throws {
    try cache.keep(.sample([3, 1, 8]), key)
    let file = cache.file(key.digest)
    let whole = try Data(contentsOf: file)
    func isRefused(_ bytes: Data) throws -> Bool {
      try bytes.write(to: file)
      do {
        // Accepted changes must be harmless: descriptive labels, and spaces.
        return try cache.features(of: [1, 3, 8], key).map(\.isSample) == false
      } catch {
        #expect("\(error)".contains(file.path))
        return true
      }
    }
    let header = 8 + Int(whole.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
    for place in whole.indices {
      var bytes = whole
      bytes[place] ^= 4
      let refused = try isRefused(bytes)
      #expect(refused || place < header, "byte \(place)")
    }
    for count in stride(from: 0, to: whole.count, by: 7) {
      #expect(try isRefused(whole.prefix(count)), "\(count) bytes")
    }
    #expect(try isRefused(whole + [0]))
    try cache.keep(.sample([3, 1, 8]), key)
    #expect(try Data(contentsOf: file) == whole)
  }

  @Test func `a file with another key under this key's name is rejected`() throws {
    try cache.keep(.sample([3]), .sample("b"))
    try FileManager.default.moveItem(
      at: cache.file(FeatureKey.sample("b").digest), to: cache.file(key.digest))
    #expect(throws: FeatureCacheError.self) { try cache.features(of: [3], key) }
  }

  @Test func `the file is valid safetensors`() throws {
    try cache.keep(.sample([3, 1]), key)
    let data = try Data(contentsOf: cache.file(key.digest))
    let length = Int(data.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
    let header = try #require(
      try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: [String: Any]])
    #expect(length % 8 == 0 && header.keys.sorted() == ["__metadata__", "features", "samples"])
    #expect(header["samples"]?["dtype"] as? String == "I32")
    #expect(header["features"]?["shape"] as? [Int] == [2, 5])
    #expect(header["features"]?["data_offsets"] as? [Int] == [8, 48])
    let metadata = try #require(header["__metadata__"] as? [String: String])
    #expect(metadata["key"] == key.digest && metadata["data_set"] == "numbers")
    #expect(data.dropFirst(8 + length).prefix(8) == Data([1, 0, 0, 0, 3, 0, 0, 0]))
  }

  @Test func `leftovers of a killed process are removed by the next write`() throws {
    try cache.keep(.sample([3]), key)
    let leftover = cache.directory.appending(path: "half.\(FeatureCache.temporaryExtension)")
    try Data(contentsOf: cache.file(key.digest)).prefix(100).write(to: leftover)
    #expect(try cache.features(of: [3], key)?.samples == [3])
    try cache.keep(.sample([4]), key)
    #expect(try folder.names == ["\(key.digest).safetensors"])
  }

  @Test func `entries describe their contents, most recently used first`() throws {
    #expect(try cache.entries().isEmpty)
    try cache.keep(.sample([3, 5]), key)
    try cache.keep(.sample([1]), .sample("b"))
    try setLastUse(of: key, secondsAgo: 100)
    try setLastUse(of: .sample("b"), secondsAgo: 50)
    #expect(try cache.entries().map { $0.contents?.samples } == [1, 2])
    _ = try cache.features(of: [3], key)
    let entries = try cache.entries()
    #expect(entries.map { $0.contents?.samples } == [2, 1])
    #expect(entries[0].key == key.digest && entries[0].size.bytes > 40)
    #expect(entries[0].contents?.dataSet == "numbers" && entries[0].contents?.base == "none")
    #expect(entries[0].contents?.population == 10)

    try Data("no features".utf8).write(to: cache.file(key.digest))
    #expect(try cache.entries().map { $0.contents == nil } == [true, false])
  }

  @Test func `clearing removes the named entries, or all`() throws {
    let keys = ["a", "b", "c"].map(FeatureKey.sample)
    #expect(try cache.clear().count == 0)
    for key in keys { try cache.keep(.sample([3]), key) }
    let sizes = try cache.entries().map(\.size.bytes).reduce(0, +)
    #expect(throws: FeatureCacheError.self) { try cache.clear([keys[0].digest, "xyz"]) }
    #expect(throws: FeatureCacheError.self) { try cache.clear([""]) }
    #expect(try cache.entries().count == 3)
    let first = try cache.clear([keys[1].digest])
    #expect(first.count == 1)
    #expect(Set(try cache.entries().map(\.key)) == [keys[0].digest, keys[2].digest])
    let rest = try cache.clear()
    #expect(rest.count == 2 && first.freed.bytes + rest.freed.bytes == sizes)
    #expect(try folder.names.isEmpty)
  }

  @Test func `a unique key prefix is sufficient`() throws {
    // Seventeen keys: two of them start with the same digit.
    let keys = (0..<17).map { FeatureKey.sample("\($0)") }
    for key in keys { try cache.keep(.sample([3]), key) }
    let shared = try #require(
      Dictionary(grouping: keys) { $0.digest.first! }.values.first { $0.count > 1 })
    let error = #expect(throws: FeatureCacheError.self) {
      try cache.clear([String(shared[0].digest.prefix(1))])
    }
    #expect(error?.description.contains("several") == true)
    #expect(try cache.clear([String(shared[0].digest.prefix(12))]).count == 1)
    #expect(!(try cache.entries().map(\.key)).contains(shared[0].digest))
  }

  @Test(arguments: [
    (["FLORA_CACHE": "/a", "XDG_CACHE_HOME": "/b"], "/a"),
    (["FLORA_CACHE": "", "XDG_CACHE_HOME": "/b"], "/b/flora"),
    (["XDG_CACHE_HOME": ""], NSHomeDirectory() + "/.cache/flora"),
  ])
  func `the user can choose the cache folder`(environment: [String: String], path: String) {
    #expect(FeatureCache.defaultFolder(environment).path == path)
  }

  private func setLastUse(of key: FeatureKey, secondsAgo: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -secondsAgo)],
      ofItemAtPath: cache.file(key.digest).path)
  }
}

extension FeatureKey {
  /// A key of ten samples with four features each.
  fileprivate static func sample(_ name: String) -> FeatureKey {
    FeatureKey(
      parts: ["format": FeatureFileHeader.format, "images": "10 x 1 x 1 x 1", "name": name],
      labels: ["data_set": "numbers", "base": "none"], population: 10, width: 4)
  }
}

extension FrozenFeatures {
  /// Features that identify their sample.
  fileprivate static func sample(_ samples: [Int]) -> FrozenFeatures {
    FrozenFeatures(
      samples.flatMap { sample in (0..<5).map { Float(sample) + Float($0) / 8 } }, width: 4,
      samples: samples, population: 10)
  }

  fileprivate var isSample: Bool {
    samples.allSatisfy { self[$0].elementsEqual(Self.sample([$0])[$0]) }
  }
}
