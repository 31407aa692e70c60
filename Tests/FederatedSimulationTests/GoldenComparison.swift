import Foundation

@testable import Results

/// Compares a run's tables with the committed ones.
struct GoldenComparison {
  /// The accuracy tolerance for other kernels: two of a hundred test samples.
  static let accuracyTolerance = 0.0201
  /// The relative tolerance of a loss or LoRA bias for other kernels. OpenBLAS's kernels
  /// for Haswell differ from those for Cooper Lake by up to 0.0034, and without codecs mostly by 0.0001.
  static let lossTolerance = 0.01
  /// Values considered zero, such as the LoRA bias after a round of equal factors.
  static let leastLoss = 1e-6

  /// By path in the results folder.
  private let committed: [String: GoldenTable]
  private let made: [String: GoldenTable]

  init(committed: [String: Data], made: [String: Data]) {
    self.committed = committed.mapValues(GoldenTable.init)
    self.made = made.mapValues(GoldenTable.init)
  }

  /// A message for each table that differs in any byte.
  var differences: [String] {
    paths.compactMap { path in
      firstDifference(path) { before, after, _, _ in before != after }
        ?? (committed[path]?.data == made[path]?.data ? nil : "\(path): written in another way")
    }
  }

  /// A message for each table that differs by more than other matrix product kernels can explain.
  ///
  /// Accuracies, losses and LoRA biases may differ by the tolerances. What a summary derives from
  /// accuracies, such as the best round, must be consistent with its own run. All other columns
  /// must be equal byte for byte.
  var differencesBesideRounding: [String] {
    paths.compactMap { path in
      firstDifference(path) { before, after, column, row in
        switch GoldenColumn(column) {
        case .exact: before != after
        case .accuracy: !isClose(before, after, absolute: Self.accuracyTolerance)
        case .loss:
          !isClose(before, after, relative: Self.lossTolerance, absolute: Self.leastLoss)
        case .bestRound: !isClose(best(row, path)?["round"], after)
        case .bytesToTarget: !isClose(reached(row, path)?["cumulative_bytes"], after)
        case .timeToTarget: !isClose(reached(row, path)?["virtual_time_s"], after)
        case .ratio(let measure): !isClose(ratio(of: measure, row, path), after, relative: 1e-12)
        }
      }
    }
  }

  private var paths: [String] { Set(committed.keys).union(made.keys).sorted() }

  /// - Parameter isDifferent: whether a committed and a produced field differ, by column and produced row.
  private func firstDifference(
    _ path: String, where isDifferent: (String, String, String, [String: String]) -> Bool
  ) -> String? {
    guard let old = committed[path] else { return "\(path): not committed" }
    guard let new = made[path] else { return "\(path): not made" }
    guard old.columns == new.columns else { return "\(path): other columns" }
    for (number, (before, after)) in zip(old.rows, new.rows).enumerated() {
      let columns = old.columns.filter { column in
        isDifferent(before[column] ?? "", after[column] ?? "", column, after)
      }
      if !columns.isEmpty {
        let words = columns.map { "\($0) \(before[$0] ?? "") -> \(after[$0] ?? "")" }
        return "\(path), line \(number + 2): \(words.joined(separator: ", "))"
      }
    }
    guard old.rows.count == new.rows.count else {
      return "\(path): \(old.rows.count) rows -> \(new.rows.count)"
    }
    return nil
  }

  /// Two numbers, or both empty.
  private func isClose(
    _ first: String?, _ second: String, relative: Double = 0, absolute: Double = 0
  ) -> Bool {
    guard let a = Double(first ?? ""), let b = Double(second) else {
      return first ?? "" == second
    }
    return a.isNaN ? b.isNaN : abs(a - b) <= max(relative * abs(a), absolute)
  }
}

// What a summary derives from the accuracies of its run.
extension GoldenComparison {
  /// The first round with the best accuracy.
  private func best(_ row: [String: String], _ path: String) -> [String: String]? {
    let rounds = tested(row, path)
    let best = rounds.map(\.accuracy).max()
    return rounds.first { $0.accuracy == best }?.row
  }

  /// The first round that reaches the target.
  private func reached(_ row: [String: String], _ path: String) -> [String: String]? {
    let summary = made[folder(of: row, path) + "summary.csv"]?.rows ?? []
    guard let own = summary.first(where: { $0["method"] == row["method"] }),
      let target = Double(own["target_accuracy"] ?? "")
    else { return nil }
    return tested(row, path).first { $0.accuracy >= target }?.row
  }

  /// A method's measure divided by full fine-tuning's, which is identified by its payload.
  private func ratio(of measure: String, _ row: [String: String], _ path: String) -> String? {
    let full = made[path]?.rows.first {
      $0["run"] == row["run"] && Double($0["payload_bytes_vs_full"] ?? "") == 1
    }
    guard let own = Double(row[measure] ?? ""), let other = Double(full?[measure] ?? ""), other != 0
    else { return nil }
    return "\(own / other)"
  }

  /// The rounds with an accuracy of a row's method.
  private func tested(
    _ row: [String: String], _ path: String
  ) -> [(row: [String: String], accuracy: Double)] {
    let rounds = made[folder(of: row, path) + "rounds.csv"]?.rows ?? []
    return rounds.filter { $0["method"] == row["method"] }.compactMap { round in
      Double(round["test_accuracy"] ?? "").map { (round, $0) }
    }
  }

  /// The folder of a row's run: that of its table, or for a sweep's table, that of the row's run.
  private func folder(of row: [String: String], _ path: String) -> String {
    if let run = row["run"] { return "\(run)/" }
    let own = path.split(separator: "/").dropLast().map { "\($0)/" }.joined()
    // A sweep's summary over the seeds; the cases with one have a single run.
    return made[own + "rounds.csv"] == nil ? "1/" : own
  }
}
