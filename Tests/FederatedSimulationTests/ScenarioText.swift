import Configuration
import Foundation

@testable import Scenario

/// A scenario small enough for tests, with real images and the bundled base.
enum ScenarioText {
  static let small = """
    name: small
    seed: 5
    data:
      dataset: fashion-mnist
      train_samples: 400
      test_samples: 100
      partition: { kind: iid }
    training: { batch_size: 16, weight_decay: 0 }
    methods:
      - { name: flora, kind: lora, learning_rate: 1.0e-3 }
      - { name: fedfft, kind: full, learning_rate: 1.0e-4 }
    fleet:
      devices: 10
      classes:
        - { name: fast, share: 0.5, compute: 50 GFLOPS, memory: 2 GB, download: 100 Mbps, upload: 20 Mbps, rtt: 20 ms, dropout: 0.1 }
        - { name: slow, share: 0.5, compute: 5 GFLOPS, memory: 2 GB, download: 10 Mbps, upload: 2 Mbps, rtt: 80 ms, dropout: 0.4 }
    server: { rounds: 3, cohort: 6 }
    evaluation: { target_accuracy: 0.2 }
    """

  /// The same scenario with every kind of method.
  static var allKinds: String {
    let lines = small.split(separator: "\n", omittingEmptySubsequences: false)
    let methods = MethodSettings.Kind.allCases.map { kind in
      let rate = kind == .full ? "1.0e-4" : "1.0e-3"
      return "  - { name: \(kind.rawValue), kind: \(kind.rawValue), learning_rate: \(rate) }"
    }
    return lines.flatMap { line in
      line.contains("kind: full") ? [] : line.contains("kind: lora") ? methods : [String(line)]
    }.joined(separator: "\n")
  }

  static func scenario(_ text: String = small, _ overrides: String...) throws -> Scenario {
    try scenario(text, overrides)
  }

  static func scenario(_ text: String, _ overrides: [String]) throws -> Scenario {
    let folder = URL(filePath: FileManager.default.currentDirectoryPath)
    return try ConfigurationDocument(text: text, name: "test.yaml", overrides: overrides).read {
      Scenario($0, folder: folder)
    }
  }
}
