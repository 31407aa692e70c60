import Foundation
import Testing

/// The comparison with committed tables, on handwritten tables.
struct GoldenComparisonTests {
  private static let rounds = """
    method,round,virtual_time_s,test_accuracy,test_loss,cumulative_bytes
    flora,0,0.000000000,0.5,1.25,0
    flora,1,2.000000000,0.75,1.0,100
    flora,2,3.000000000,0.74,0.5,200
    full,0,0.000000000,0.5,1.25,0
    full,1,4.000000000,0.6,1.0,4000

    """
  private static let summary = """
    method,target_accuracy,best_round,best_accuracy,bytes_to_target,time_to_target_s,payload_bytes,bytes_to_target_vs_full,payload_bytes_vs_full
    flora,0.6,1,0.75,100,2.000000000,50,0.025,0.025
    full,0.6,1,0.6,4000,4.000000000,2000,1.0,1.0

    """

  private func differences(
    _ changes: (file: String, old: String, new: String)..., ofOtherKernels: Bool
  ) -> [String] {
    let tables = ["rounds.csv": Self.rounds, "summary.csv": Self.summary]
    var made = tables
    for change in changes {
      made[change.file] = made[change.file]!.replacing(change.old, with: change.new)
    }
    let comparison = GoldenComparison(
      committed: tables.mapValues { Data($0.utf8) }, made: made.mapValues { Data($0.utf8) })
    return ofOtherKernels ? comparison.differencesBesideRounding : comparison.differences
  }

  @Test(arguments: [false, true])
  func `equal tables have no differences`(ofOtherKernels: Bool) {
    #expect(differences(ofOtherKernels: ofOtherKernels).isEmpty)
  }

  @Test func `a single byte is a difference with the same kernels`() {
    #expect(
      differences(("rounds.csv", "0.74,0.5,", "0.74,0.5000001,"), ofOtherKernels: false) == [
        "rounds.csv, line 4: test_loss 0.5 -> 0.5000001"
      ])
    #expect(
      differences(("rounds.csv", "200\n", "200\r\n"), ofOtherKernels: false).count == 1)
  }

  @Test(arguments: [
    ("rounds.csv", "0.74,0.5,", "0.74,0.501,"), ("rounds.csv", "0.74,0.5,", "0.73,0.5,"),
  ])
  func `other kernels may round training results differently`(
    file: String, old: String, new: String
  ) {
    #expect(differences((file, old, new), ofOtherKernels: true).isEmpty)
  }

  @Test(arguments: [
    ("rounds.csv", "0.74,0.5,", "0.74,0.51,", "test_loss"),
    ("rounds.csv", "0.74,0.5,", "0.70,0.5,", "test_accuracy"),
    ("rounds.csv", "0.74,0.5,", "0.74,,", "test_loss"),
    ("rounds.csv", ",4000\n", ",4001\n", "cumulative_bytes"),
    ("rounds.csv", "full,1,4.000000000,0.6,1.0,4000\n", "", "5 rows -> 4"),
    ("rounds.csv", "virtual_time_s", "time_s", "other columns"),
    ("summary.csv", "0.6,1,0.75", "0.6,2,0.75", "best_round"),
    ("summary.csv", "100,2.000000000", "100,3.000000000", "time_to_target_s"),
    ("summary.csv", "100,2.000000000", "200,2.000000000", "bytes_to_target"),
    ("summary.csv", "50,0.025,0.025", "50,0.05,0.025", "bytes_to_target_vs_full"),
    ("summary.csv", "50,0.025,0.025", "50,0.025,0.026", "payload_bytes_vs_full"),
  ])
  func `other kernels explain no other differences`(
    file: String, old: String, new: String, named: String
  ) {
    let found = differences((file, old, new), ofOtherKernels: true)
    #expect(found.count >= 1 && found.contains { $0.contains(named) }, "\(found)")
  }

  @Test func `values derived from accuracies must be consistent with the run`() {
    let best = ("rounds.csv", "0.74,0.5,", "0.76,0.5,")
    #expect(!differences(best, ofOtherKernels: true).isEmpty)
    #expect(
      differences(best, ("summary.csv", "0.6,1,0.75", "0.6,2,0.76"), ofOtherKernels: true).isEmpty)
  }
}
