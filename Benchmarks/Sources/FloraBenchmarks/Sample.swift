import Foundation

/// What one repeat took.
struct Sample: Sendable {
  /// Of wall time, for a step: where several workers make steps at once, the time over all their steps.
  var milliseconds: Double
  var workers = 1
  /// Of all matrix products, all workers together.
  var gflops: Double?
  /// Of the BLAS library's own product of large matrices, on as many workers.
  var sgemmGflops: Double?

  /// The columns `workers,threads,ms,gflops,sgemm_gflops`; a worker has one thread.
  var row: String {
    "\(workers),1,\(text(milliseconds, digits: 4)),\(text(gflops)),\(text(sgemmGflops))"
  }

  private func text(_ value: Double?, digits: Int = 1) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? ""
  }
}

/// Seconds of wall time that `work` takes.
func seconds(_ work: () -> Void) -> Double {
  let duration = ContinuousClock().measure(work)
  return duration / .seconds(1)
}
