import ArgumentParser
import FederatedSimulation
import Foundation

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report every fault of a scenario, with line, column, key and the mend.")

  @OptionGroup var input: ScenarioArguments

  func run() throws {
    let sweep = try input.sweep()
    try InputError.catching {
      var remarks: [String] = []
      for point in sweep.points {
        let experiment = try Experiment(
          point.scenario, workers: ProcessInfo.processInfo.activeProcessorCount)
        for remark in experiment.remarks where !remarks.contains(remark) { remarks.append(remark) }
      }
      for remark in remarks { TerminalLine.note("flora: \(remark)") }
    }
    let combinations = sweep.isSingle ? "" : ", in all \(sweep.points.count) combinations"
    print("\(input.scenario) is a scenario that can be run\(combinations).")
  }
}
