import Adaptation
import Fleet
import Results

/// A table with one column per method, and each number's ratio to full fine-tuning.
struct SummaryTable {
  private let summaries: [MethodSummary]
  private let full: MethodSummary?
  private let runtime: DeviceRuntime

  /// - Parameter runtime: the runtime that determines the devices' memory.
  init(_ summaries: [MethodSummary], full: MethodSummary?, runtime: DeviceRuntime) {
    self.summaries = summaries
    self.full = full
    self.runtime = runtime
  }

  var text: String {
    TextTable(rows: [[""] + summaries.map(\.method)] + measures.map(row)).text
  }

  /// A row of the table; `ratio` is the value compared with full fine-tuning.
  private struct Measure {
    let title: String
    let text: (MethodSummary) -> String
    var ratio: ((MethodSummary) -> Double?)?
  }

  private var measures: [Measure] {
    let target = summaries.first?.targetAccuracy.map { " to \(($0 * 100).significant) %" } ?? ""
    let reached: [Measure] =
      target.isEmpty
      ? []
      : [
        Measure(
          title: "bytes\(target)", text: { $0.bytesToTarget.map { "\($0)" } ?? "not reached" },
          ratio: { $0.bytesToTarget.map { Double($0.bytes) } }),
        Measure(
          title: "virtual time\(target)",
          text: { $0.timeToTarget.map(\.spelled) ?? "not reached" },
          ratio: { $0.timeToTarget?.seconds }),
      ]
    let isTrained = summaries.contains { $0.bestAccuracy != nil }
    let accuracies: [Measure] = [
      Measure(
        title: "accuracy, start to end",
        text: {
          "\(Self.percent($0.startAccuracy ?? 0)) -> \(Self.percent($0.finalAccuracy ?? 0))"
        }),
      Measure(
        title: "best accuracy",
        text: { "\(Self.percent($0.bestAccuracy ?? 0)) in round \($0.bestRound ?? 0)" }),
    ]
    let energy = Measure(
      title: "device energy", text: { $0.energy.map { "\($0)" } ?? "" },
      ratio: { $0.energy?.joules })
    let adapted = Measure(
      title: "devices that use a fallback",
      text: { Self.percent(Double($0.survey.adapted) / Double($0.survey.devices)) })
    let missing = Measure(
      title: "most excluded class",
      text: { summary in
        summary.survey.scarcest.map { "\(Self.percent($0.missingShare)) of \($0.className)" }
          ?? "none"
      })
    return (isTrained ? accuracies : []) + [
      Measure(
        title: "trainable parameters", text: { "\($0.trainableParameters)" },
        ratio: { Double($0.trainableParameters) }),
      Measure(
        title: "bytes down", text: { "\($0.bytesDown)" }, ratio: { Double($0.bytesDown.bytes) }),
      Measure(title: "bytes up", text: { "\($0.bytesUp)" }, ratio: { Double($0.bytesUp.bytes) }),
    ] + (isTrained ? reached : []) + [
      Measure(title: "virtual time", text: { $0.time.spelled }, ratio: { $0.time.seconds })
    ] + (summaries.contains { $0.energy != nil } ? [energy] : []) + [
      Measure(
        title: "peak memory, \(runtime.rawValue)", text: { "\($0.peakMemory)" },
        ratio: { Double($0.peakMemory.bytes) }),
      Measure(title: "devices that can take part", text: { Self.percent($0.eligibleShare) }),
    ] + (summaries.contains { $0.survey.adapted > 0 } ? [adapted] : [])
      + (summaries.contains { $0.survey.excluded > 0 } ? [missing] : []) + [
        Measure(title: "bytes wasted", text: { Self.percent($0.wastedShare) })
      ]
  }

  private func row(_ measure: Measure) -> [String] {
    [measure.title]
      + summaries.map { summary in
        guard summary != full, let value = measure.ratio?(summary),
          let other = full.flatMap({ measure.ratio?($0) }), other > 0, value > 0
        else { return measure.text(summary) }
        return "\(measure.text(summary))  (\(Self.comparison(value / other)))"
      }
  }

  private static func comparison(_ ratio: Double) -> String {
    if ratio == 1 { return "as much" }
    return ratio < 1 ? "\((1 / ratio).significant)x less" : "\(ratio.significant)x more"
  }

  private static func percent(_ share: Double) -> String {
    "\((share * 100).formatted(decimals: 1)) %"
  }
}
