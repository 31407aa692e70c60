import CKernels
import Foundation
import Tensors
import Testing

@testable import FederatedSimulation

/// What changes the key, and what does not.
struct FeatureKeyTests {
  private let base: EditedBase
  private let pictures: PictureFolder

  init() throws {
    base = try EditedBase()
    pictures = try PictureFolder()
  }

  @Test func `the key depends only on data, base and kernels`() throws {
    let key = try key()
    #expect(key.digest.count == 64)
    let other = try self.key("seed=8", "server.rounds=1", "data.test_samples=2")
    #expect(other.digest == key.digest)
  }

  @Test func `a weight of the vision tower changes the key`() throws {
    let before = try key()
    try base.changeTensor("visual_projection.weight")
    let after = try key()
    #expect(after.digest != before.digest)
    #expect(after.differences(from: before) == ["first_features_sha256", "vision_tower_sha256"])
  }

  @Test func `the text tower does not affect the key`() throws {
    let before = try key()
    try base.changeTensor("text_projection.weight")
    #expect(try key().digest == before.digest)
  }

  @Test func `preprocessing changes the key`() throws {
    let before = try key()
    try base.replace(
      "\"rescale_factor\"", with: "\"rescale_factor_\"", in: "preprocessor_config.json")
    try base.replace("0.5", with: "0.25", in: "preprocessor_config.json")
    #expect(
      try key().differences(from: before) == ["first_features_sha256", "preprocessing"])
  }

  @Test func `the vision tower's configuration changes the key`() throws {
    let before = try key()
    try base.replace("quick_gelu", with: "gelu", in: "config.json")
    #expect(try key().differences(from: before) == ["first_features_sha256", "vision_tower"])
  }

  @Test func `a different picture changes the key, a different file name does not`() throws {
    let before = try key()
    let last = pictures.url.appending(path: "b/1-4.jpg")
    let renamed = pictures.url.appending(path: "b/1-5.jpg")
    try FileManager.default.moveItem(at: last, to: renamed)
    #expect(try key().digest == before.digest)
    try FileManager.default.removeItem(at: renamed)
    try FileManager.default.copyItem(at: pictures.url.appending(path: "b/0-0.jpg"), to: renamed)
    let after = try key()
    #expect(after.digest != before.digest)
    #expect(after.differences(from: before).contains("images_sha256"))
  }

  #if !canImport(Accelerate)
    /// In a separate process, because the kernels are process-wide.
    @Test func `different kernels change the key`() async {
      await #expect(processExitsWith: .success) {
        let tests = try FeatureKeyTests()
        let highest = try tests.key()
        #expect(flora_kernels_use("baseline"))
        let differences = try tests.key().differences(from: highest)
        #expect(
          ["matrix_product_kernels", "first_features_sha256, matrix_product_kernels"].contains(
            differences.sorted().joined(separator: ", ")))
      }
    }
  #endif

  private func key(_ overrides: String...) throws -> FeatureKey {
    let text = pictures.text.replacing(
      "training:", with: "model: { base: \(base.url.path) }\ntraining:")
    let experiment = try Experiment(ScenarioText.scenario(text, overrides))
    return FeatureKey(experiment, experiment.model, .float32, on: WorkerPool(workers: 1))
  }
}

extension FeatureKey {
  /// The names of the parts that differ.
  fileprivate func differences(from other: FeatureKey) -> [String] {
    parts.keys.filter { parts[$0] != other.parts[$0] }.sorted()
  }
}
