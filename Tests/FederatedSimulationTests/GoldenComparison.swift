import Foundation

@testable import Results

/// How the tables of a run differ from the committed ones.
struct GoldenComparison {
  /// The most by which an accuracy may differ on other kernels: two of a hundred test samples.
  static let accuracyTolerance = 0.0201
  /// The most by which a loss or LoRA's bias may differ on other kernels, as a part of it. OpenBLAS's kernels
  /// for Haswell differ from those for Cooper Lake by up to 0.0034, and without codecs mostly by 0.0001.
  static let lossTolerance = 0.01
  /// What is as good as zero: the bias of LoRA after a round of equal factors, for one.
  static let leastLoss = 1e-6

  /// By path below the results' folder.
  private let committed: [String: GoldenTable]
  private let made: [String: GoldenTable]

  init(committed: [String: Data], made: [String: Data]) {
    self.committed = committed.mapValues(GoldenTable.init)
    self.made = made.mapValues(GoldenTable.init)
  }

  /// A sentence for each table that differs in any byte.
  var differences: [String] {
    paths.compactMap { path in
      firstDifference(path) { before, after, _, _ in before != after }
        ?? (committed[path]?.data == made[path]?.data ? nil : "\(path): written in another way")
    }
  }

  /// A sentence for each table that differs by more than other kernels of the matrix product explain.
  ///
  /// Accuracies, losses and LoRA's bias may differ by the tolerances. What a summary takes from the
  /// accuracies, such as the round of the best, has to follow from those of its own run. All other columns
  /// are equal byte for byte.
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

  /// - Parameter isDifferent: whether a committed field and the made one differ, by column and made row.
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

  /// Two numbers, or nothing in place of both.
  private func isClose(
    _ first: String?, _ second: String, relative: Double = 0, absolute: Double = 0
  ) -> Bool {
    guard let a = Double(first ?? ""), let b = Double(second) else {
      return first ?? "" == second
    }
    return a.isNaN ? b.isNaN : abs(a - b) <= max(relative * abs(a), absolute)
  }
}

// What a summary takes from the accuracies of its run.
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

  /// A measure of a method over that of full fine-tuning, which alone sends as much.
  private func ratio(of measure: String, _ row: [String: String], _ path: String) -> String? {
    let full = made[path]?.rows.first {
      $0["run"] == row["run"] && Double($0["payload_bytes_vs_full"] ?? "") == 1
    }
    guard let own = Double(row[measure] ?? ""), let other = Double(full?[measure] ?? ""), other != 0
    else { return nil }
    return "\(own / other)"
  }

  /// The rounds of a row's method that have an accuracy.
  private func tested(
    _ row: [String: String], _ path: String
  ) -> [(row: [String: String], accuracy: Double)] {
    let rounds = made[folder(of: row, path) + "rounds.csv"]?.rows ?? []
    return rounds.filter { $0["method"] == row["method"] }.compactMap { round in
      Double(round["test_accuracy"] ?? "").map { (round, $0) }
    }
  }

  /// The folder of the run that a row is about: that of its table, or of a sweep's table that of its run.
  private func folder(of row: [String: String], _ path: String) -> String {
    if let run = row["run"] { return "\(run)/" }
    let own = path.split(separator: "/").dropLast().map { "\($0)/" }.joined()
    // A sweep's summary over the seeds; the cases that have one have a single run.
    return made[own + "rounds.csv"] == nil ? "1/" : own
  }
}
