import Foundation

@testable import FederatedSimulation
@testable import Results

/// A table of a run, as text.
struct GoldenTable {
  let data: Data
  let columns: [String]
  /// Fields by column.
  let rows: [[String: String]]

  init(_ data: Data) {
    self.data = data
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
      .map { CSVFile.fields(of: $0) }
    let columns = lines.first ?? []
    self.columns = columns
    rows = lines.dropFirst().map {
      Dictionary(zip(columns, $0), uniquingKeysWith: { first, _ in first })
    }
  }
}

/// How a column may change if the matrix product kernels round differently.
enum GoldenColumn: Equatable {
  /// No change.
  case exact
  /// A share of the test samples, some of which may be classified differently.
  case accuracy
  /// A mean of floating-point numbers.
  case loss
  /// A value of the round with the best accuracy, or of the one that reaches the target.
  case bestRound, bytesToTarget, timeToTarget
  /// One of the above, divided by full fine-tuning's.
  case ratio(of: String)

  init(_ name: String) {
    switch name.removing(suffix: "_mean") ?? name {
    case "test_accuracy", "start_accuracy", "final_accuracy", "best_accuracy": self = .accuracy
    case "test_loss", "train_loss", "lora_bias": self = .loss
    case "best_round": self = .bestRound
    case "bytes_to_target": self = .bytesToTarget
    case "time_to_target_s": self = .timeToTarget
    default:
      if let measure = name.removing(suffix: "_vs_full"), Self(measure) != .exact {
        self = .ratio(of: measure)
      } else {
        self = .exact
      }
    }
  }
}

extension String {
  fileprivate func removing(suffix: String) -> String? {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : nil
  }
}
