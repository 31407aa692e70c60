import Configuration
import Foundation
import Testing

@testable import FederatedSimulation

/// Scenarios on the user's own pictures.
struct ImageFolderRunTests {
  @Test func `a run on a folder of pictures leaves its tables`() throws {
    let folder = try pictures()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try TemporaryRun(ScenarioText.scenario(text(folder)))
    #expect(run.rows("rounds.csv").map { $0["round"]! } == ["0", "1", "2"])
    #expect(run.rows("tasks.csv").count == 4)
    #expect(run.summaries.allSatisfy { $0.finalAccuracy >= 0 && $0.finalAccuracy <= 1 })
  }

  @Test func `pictures are held at the model's size, and classes are called as the scenario says`()
    throws
  {
    let folder = try pictures()
    defer { try? FileManager.default.removeItem(at: folder) }
    let named = text(folder).replacing(
      "  partition", with: "  class_names: [bag, coat]\n  partition")
    let experiment = try Experiment(ScenarioText.scenario(named))
    let size = experiment.model.configuration.imageSize
    #expect(experiment.dataset.height == size && experiment.dataset.width == size)
    #expect(experiment.dataset.classNames == ["bag", "coat"])
    #expect(try Experiment(ScenarioText.scenario(text(folder))).dataset.classNames == ["a", "b"])
  }

  @Test(arguments: ["cifar-10", "cifar-100", "image-folder"])
  func `a data set without a package needs a path`(name: String) throws {
    let faulty = ScenarioText.small.replacing("fashion-mnist", with: name)
    let error = try #require(throws: ConfigurationError.self) {
      try ScenarioText.scenario(faulty)
    }
    #expect("\(error)".contains("data.path"))
  }

  @Test func `only an image folder's classes can be named`() throws {
    let faulty = ScenarioText.small.replacing(
      "  partition", with: "  class_names: [a, b]\n  partition")
    let error = try #require(throws: ConfigurationError.self) {
      try ScenarioText.scenario(faulty)
    }
    #expect("\(error)".contains("data.class_names"))
  }

  private func text(_ folder: URL) -> String {
    """
    name: pictures
    data:
      dataset: image-folder
      path: \(folder.path)
      partition: { kind: iid }
    training: { batch_size: 4 }
    methods: [{ name: flora, kind: lora }]
    fleet:
      devices: 2
      classes:
        - { name: only, share: 1, compute: 5 GFLOPS, memory: 2 GB, download: 10 Mbps, upload: 2 Mbps, rtt: 80 ms, dropout: 0 }
    server: { rounds: 2, cohort: 2 }
    """
  }

  /// Two classes of copies of committed pictures of several sizes.
  private func pictures() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "flora-\(UUID().uuidString)")
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/pictures").standardizedFileURL
    for (name, files) in [("a", ["rgb-8.png", "grey-8.png"]), ("b", ["420.jpg", "444.jpg"])] {
      let target = folder.appending(path: name)
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      for (index, file) in files.enumerated() {
        for copy in 0..<5 {
          try FileManager.default.copyItem(
            at: fixtures.appending(path: file),
            to: target.appending(path: "\(index)-\(copy).\(file.suffix(3))"))
        }
      }
    }
    return folder
  }
}
