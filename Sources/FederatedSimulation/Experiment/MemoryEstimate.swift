import Adaptation
import Fleet
import Foundation
import Scenario

/// What a run will hold in memory beside the data set and the base, which are there when it is estimated.
struct MemoryEstimate {
  /// What takes it, as words after a number of bytes, and how many bytes.
  private let parts: [(words: String, bytes: Double)]

  /// Complexity: looks at the first ten thousand devices.
  init(_ experiment: Experiment, workers: Int) {
    guard !experiment.scenario.isTimingOnly else {
      parts = []
      return
    }
    let devices = 0..<min(experiment.fleet.count, 10_000)
    let samples = devices.map(experiment.shards.count(of:)).max() ?? 0
    let clients = Double(min(workers, experiment.fleet.count))
    let training =
      experiment.methods.map { method in
        // A client's samples as they are drawn, sorted and shuffled, and again for each epoch.
        let indices = Double(samples) * Double(3 + method.settings.training.localEpochs) * 8
        // The numbers, their gradients and the optimizer's moments.
        let copies = 2 + method.settings.training.optimizer.momentsPerParameter
        return indices + Double(method.adapted.method.trainable.count * copies * 4)
      }.max() ?? 0
    let server = experiment.scenario.server
    let tasks = server.rounds.multipliedReportingOverflow(by: server.cohort)
    let visited = min(experiment.fleet.count, tasks.overflow ? .max : tasks.partialValue)
    let moments =
      experiment.methods.map { method in
        method.settings.training.optimizerState == .persistent
          ? Double(visited)
            * Double(
              method.adapted.method.trainable.count
                * method.settings.training.optimizer.momentsPerParameter * 4) : 0
      }.max() ?? 0
    parts = [
      ("for clients of up to \(samples) samples on \(Int(clients)) workers", clients * training),
      ("for the optimizers' moments that \(visited) clients keep", moments),
    ].filter { $0.1 > 0 }
  }

  /// Why the run cannot be held in so much memory; nil where it can.
  func fault(available: Double) -> ExperimentError? {
    let need = parts.reduce(0) { $0 + $1.bytes }
    guard need > available else { return nil }
    let parts = parts.map { "\(Self.spelled($0.bytes)) \($0.words)" }.joined(separator: ", ")
    return ExperimentError(
      "the run needs \(parts), and this machine has \(Self.spelled(available)) available; give the devices fewer samples (data.partition), or take fewer workers"
    )
  }

  private static func spelled(_ bytes: Double) -> String {
    ByteCount(Int(min(bytes, 1e18))).description
  }

  /// The bytes that this process may still take: what the system counts as available, or less where the process's
  /// group of processes is limited.
  static var available: Double {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
    else { return Double(ProcessInfo.processInfo.physicalMemory) }
    func group(_ name: String) -> Double? {
      (try? String(contentsOfFile: "/sys/fs/cgroup/memory.\(name)", encoding: .utf8)).flatMap {
        Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }
    guard let limit = group("max"), let used = group("current") else { return kibibytes * 1024 }
    return min(kibibytes * 1024, max(0, limit - used))
  }
}
