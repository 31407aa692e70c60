import Adaptation
import CLIP
import Federation
import Fleet
import Foundation
import Scenario
import TrainingBackends

/// An estimate of a run's memory in addition to the data set and the base, which are already
/// loaded.
///
/// Derived entirely from shapes. Excludes what is comparatively small or unknown: the event queue
/// and tables, allocator overhead, packed copies of weights, and clients stacked on processors
/// without AVX-512.
struct MemoryEstimate {
  /// A part of the estimate: the text that follows its number of bytes.
  struct Part: Equatable {
    let words: String
    let bytes: Double
  }

  /// The non-empty parts for the method that needs the most.
  let parts: [Part]

  /// - Complexity: considers the first ten thousand devices.
  init(_ experiment: Experiment, workers: Int) {
    guard !experiment.scenario.isTimingOnly else {
      parts = []
      return
    }
    let devices = 0..<min(experiment.fleet.count, 10_000)
    let samples = devices.map(experiment.shards.count(of:)).max() ?? 0
    let features = Self.features(experiment)
    let methods = experiment.methods.map { settings, adapted in
      Self.parts(of: settings, adapted, experiment, samples: samples, workers: workers)
        + (adapted.trainsVision ? [] : features)
    }
    func total(_ parts: [Part]) -> Double { parts.reduce(0) { $0 + $1.bytes } }
    parts = (methods.max { total($0) < total($1) } ?? []).filter { $0.bytes > 0 }
  }

  private static func parts(
    of settings: MethodSettings, _ adapted: AdaptedModel, _ experiment: Experiment, samples: Int,
    workers: Int
  ) -> [Part] {
    let (training, server) = (settings.training, experiment.scenario.server)
    let strategy = server.strategy
    let vector = 4 * Double(adapted.method.trainable.count)
    let tasks = server.rounds.multipliedReportingOverflow(by: server.selectedPerRound)
    let visited = min(experiment.fleet.count, tasks.overflow ? .max : tasks.partialValue)
    let inFlight = min(
      experiment.fleet.count, strategy.asynchronous?.concurrency ?? server.selectedPerRound)
    let busy = min(workers, inFlight)
    // A client's sample indices as drawn, sorted and shuffled, and again for each epoch.
    let indices = Double(samples) * Double(3 + training.localEpochs) * 8
    let images = min(training.batchSize, samples)
    let step =
      images > 0
      ? adapted.stepBytes(training, images: images, prompts: experiment.prompts) : 0
    let tested = min(experiment.testSamples.count, ThreadBackend.testedTogether)
    let test = tested > 0 ? adapted.testBytes(images: tested) : 0
    func kept(by words: String, _ bytes: Double) -> Part {
      Part(words: "for \(words) \(visited) clients keep", bytes: Double(visited) * bytes)
    }
    let isScaffold = strategy.kind == .scaffold
    let moments = training.optimizer.momentsPerParameter
    var parts = [
      Part(
        words: "for clients of up to \(samples) samples on \(busy) workers",
        bytes: Double(busy) * indices),
      Part(
        words: "for training in batches of \(images) on \(busy) workers, or testing on \(workers)",
        bytes: max(Double(busy) * Double(step), Double(workers) * Double(test))),
      // Each client's upload and gradient correction.
      Part(
        words: "for the results of \(inFlight) clients at a time",
        bytes: Double(inFlight) * vector * (isScaffold ? 2 : 1)),
      // The current version, those that tasks in flight started from, their mean and the server's
      // moments.
      Part(
        words: "for the server's versions",
        bytes: vector * (isScaffold ? 2 : 1)
          * Double(4 + (strategy.asynchronous == nil ? 0 : inFlight))),
    ]
    if training.optimizerState == .persistent {
      parts.append(kept(by: "the optimizers' moments that", vector * Double(moments)))
    }
    if isScaffold { parts.append(kept(by: "the control variates that", vector)) }
    if let lora = FederatedLoRA(experiment, settings, adapted), lora.rule.hasPersonalModels {
      let shape = lora.lora.shape
      parts.append(
        kept(
          by: "the personal models that",
          4 * Double(shape.count(of: .b, rank: lora.lora.rank))))
    }
    if let personal = try? settings.personalParts(in: adapted.method.trainable) {
      parts.append(kept(by: "the personal models that", 4 * Double(personal.personalCount)))
    }
    if experiment.scenario.evaluation.perClient?.fineTune == true {
      let tuned = min(experiment.fleet.count, Simulation.testedClients)
      // Each client's training result and its parameters.
      parts.append(
        Part(
          words: "for fine-tuning \(tuned) clients at a time before their test",
          bytes: Double(tuned) * vector * 2))
    }
    if server.compression.hasErrorFeedback {
      parts.append(kept(by: "the residuals of compression that", vector))
    }
    return parts
  }

  /// The features of the frozen vision tower: a row per used sample, and the row index of every
  /// sample.
  private static func features(_ experiment: Experiment) -> [Part] {
    let used = experiment.usedSamples.count
    let columns = FrozenFeatures.columns(width: experiment.model.configuration.projectionWidth)
    return [
      Part(
        words: "for the features of \(used) images",
        bytes: Double(used) * Double(4 * columns + 8) + Double(experiment.dataset.count) * 4)
    ]
  }

  /// The sum of all parts.
  var bytes: Double { parts.reduce(0) { $0 + $1.bytes } }

  /// The error if the run exceeds the available memory; nil if it does not.
  func fault(available: Double) -> ExperimentError? {
    guard bytes > available else { return nil }
    // Lists the largest first, and omits those below a thousandth of the total.
    let parts = parts.filter { $0.bytes >= bytes / 1000 }.sorted { $0.bytes > $1.bytes }.map {
      "\(Self.spelled($0.bytes)) \($0.words)"
    }.joined(separator: ", ")
    return ExperimentError(
      "insufficient memory: the run needs \(Self.spelled(bytes)) (\(parts)), but this machine has \(Self.spelled(available)) available; use fewer workers, or reduce one of these amounts"
    )
  }

  private static func spelled(_ bytes: Double) -> String {
    ByteCount(Int(min(bytes, 1e18))).description
  }

  /// The bytes that this process may still allocate: what the system reports as available, or less
  /// if the process's control group is limited.
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
