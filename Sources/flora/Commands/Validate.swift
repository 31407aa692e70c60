import ArgumentParser
import FederatedSimulation
import Foundation

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report all errors of a scenario, each with line, column, key and a suggestion.")

  @OptionGroup var input: ScenarioArguments

  func run() throws {
    let sweep = try input.sweep()
    try InputError.catching {
      var remarks: [String] = []
      for point in sweep.points {
        let experiment = try Experiment(
          point.scenario, workers: ProcessInfo.processInfo.activeProcessorCount)
        remarks += experiment.remarks.filter { !remarks.contains($0) }
      }
      for remark in remarks { TerminalLine.note("flora: \(remark)") }
    }
    let combinations = sweep.isSingle ? "" : ", in all \(sweep.points.count) combinations"
    print("\(input.scenario) is valid\(combinations).")
  }
}
