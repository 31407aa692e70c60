import Foundation

/// The measurements of one repeat.
struct Sample: Sendable {
  /// Wall time per step; with several workers, the time divided by the steps of all workers.
  var milliseconds: Double
  var workers = 1
  /// The rate of all matrix products, over all workers.
  var gflops: Double?
  /// The BLAS library's rate for large matrices on the same number of workers.
  var sgemmGflops: Double?

  /// The columns `workers,threads,ms,gflops,sgemm_gflops`; a worker has one thread.
  var row: String {
    "\(workers),1,\(text(milliseconds, digits: 4)),\(text(gflops)),\(text(sgemmGflops))"
  }

  private func text(_ value: Double?, digits: Int = 1) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? ""
  }
}

/// The wall time of `work` in seconds.
func seconds(_ work: () -> Void) -> Double {
  let duration = ContinuousClock().measure(work)
  return duration / .seconds(1)
}
