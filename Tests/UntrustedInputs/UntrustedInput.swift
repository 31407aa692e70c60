import CLIP
import Configuration
import Crypto
import Datasets
import Fleet
import Foundation
import Pictures
import Storage

@testable import Adaptation
@testable import FederatedSimulation
@testable import Reports
@testable import Results
@testable import Scenario

/// A kind of user-supplied file, read as the program reads it.
///
/// Reported errors are fine; the fuzzer and the tests look for everything else: crashes, hangs, or excessive
/// memory use.
public enum UntrustedInput: String, CaseIterable, Sendable {
  case adapter, checkpoint, cifar, clipConfiguration, features, idx, idxGzip, merges, pictures,
    safetensors,
    scenario, tokenizer, trace, vocabulary, preprocessor, processor, tokenizerConfig, addedTokens,
    fleetTable

  /// Reads the bytes as such a file.
  public func read(_ bytes: Data) {
    let folder = InputFolder.shared
    switch self {
    case .adapter:
      folder.write(bytes, "adapter_config.json")
      for kind in PEFTAdapter.Kind.allCases {
        _ = try? PEFTAdapterConfiguration(file: folder.url("adapter_config.json"), kind)
      }
    case .checkpoint:
      _ = Self.isUsableCheckpoint(bytes)
    case .cifar:
      folder.write(bytes, "data_batch_1.bin")
      _ = try? CIFAR.ten.load(directory: folder.url)
    case .clipConfiguration:
      folder.write(bytes, "config.json")
      _ = try? CLIPConfiguration(file: folder.url("config.json"))
    case .features:
      folder.write(bytes, "features.safetensors")
      guard let file = try? FeatureFile(folder.url("features.safetensors")) else { return }
      _ = file.header
    case .idx: _ = try? IDXFile(Array(bytes), from: folder.url("idx"))
    case .idxGzip:
      folder.write(bytes, "idx.gz")
      _ = try? IDXFile(contentsOf: folder.url("idx.gz"), limit: 1 << 24)
    case .merges: readTokenizer([("vocab.json", Self.smallVocabulary), ("merges.txt", bytes)])
    case .vocabulary: readTokenizer([("vocab.json", bytes), ("merges.txt", Self.smallMerges)])
    case .tokenizer: readTokenizer([("tokenizer.json", bytes)])
    case .tokenizerConfig:
      readTokenizer([
        ("vocab.json", Self.smallVocabulary), ("merges.txt", Self.smallMerges),
        ("tokenizer_config.json", bytes),
      ])
    case .addedTokens:
      for name in ["added_tokens.json", "special_tokens_map.json"] {
        readTokenizer([
          ("vocab.json", Self.smallVocabulary), ("merges.txt", Self.smallMerges), (name, bytes),
        ])
      }
    case .preprocessor: readPreprocessor(bytes, "preprocessor_config.json")
    case .processor: readPreprocessor(bytes, "processor_config.json")
    case .fleetTable:
      folder.write(bytes, "fleet.csv")
      guard let fleet = try? FleetSample(folder.url("fleet.csv")) else { return }
      for name in fleet.deviceClasses { _ = fleet.quantiles(.compute, of: name) }
    case .pictures:
      folder.write(bytes, "picture")
      _ = try? Picture(file: folder.url("picture"))
    case .safetensors:
      folder.write(bytes, "model.safetensors")
      guard let file = try? SafetensorsFile(folder.url("model.safetensors")) else { return }
      for name in file.names { _ = try? file.floats(name) }
    case .scenario:
      guard let text = String(data: bytes, encoding: .utf8),
        let document = try? ConfigurationDocument(text: text, name: "s.yaml")
      else { return }
      _ = try? document.read { Scenario($0, folder: folder.url) }.digest
      guard let sweep = try? document.sweep(at: "sweep") else { return }
      for number in 0..<min(10, sweep.count) {
        _ = try? sweep.point(number).document.read { Scenario($0, folder: folder.url) }
      }
    case .trace:
      folder.write(bytes, "trace.csv")
      _ = try? AvailabilityTrace(csv: folder.url("trace.csv"), period: nil)
    }
  }

  /// Whether a run could resume from a checkpoint, read down to its coordinator and its algorithm.
  static func isUsableCheckpoint(_ bytes: Data) -> Bool {
    let folder = InputFolder.shared
    // With its digest recomputed, since a reader that detects a change reads no further.
    folder.write(bytes + Data(SHA256.hash(data: bytes)), "checkpoint.flora")
    guard let file = try? CheckpointFile(folder.url("checkpoint.flora")),
      let record = try? file.value(RunRecord.self), let method = record.method
    else { return false }
    return SimulationKinds.areOfSomeKind(method.simulation)
  }

  private func readPreprocessor(_ bytes: Data, _ name: String) {
    let folder = InputFolder.shared
    folder.remove("preprocessor_config.json", "processor_config.json")
    folder.write(bytes, name)
    guard let preprocessor = try? ImagePreprocessor(directory: folder.url),
      preprocessor.size <= 512
    else { return }
    _ = preprocessor.process([0, 127, 255, 1, 2, 3], height: 1, width: 2, channels: 3)
  }

  private func readTokenizer(_ files: [(String, Data)]) {
    let folder = InputFolder.shared
    folder.remove(
      "vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json", "added_tokens.json",
      "special_tokens_map.json")
    for (name, bytes) in files { folder.write(bytes, name) }
    guard let tokenizer = try? CLIPTokenizer(directory: folder.url) else { return }
    _ = tokenizer.encode("a photo of a Äffchen's 12 BAGS. <|endoftext|>", contextLength: 20)
  }

  private static let smallVocabulary = Data(
    #"{"a":0,"a</w>":1,"b":2,"b</w>":3,"ab":4,"ab</w>":5,"<|startoftext|>":6,"<|endoftext|>":7}"#
      .utf8)
  private static let smallMerges = Data("#version: 0.2\na b\na b</w>\n".utf8)
}
