import ArgumentParser
import Foundation
import Results

struct FleetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fleet", abstract: "Print the devices of a scenario as CSV.",
    discussion:
      "A scenario reads them again, edited or not, with `fleet.devices: FILE.csv`.")

  @OptionGroup var input: ScenarioArguments

  @Option(help: "Print only the first N devices.")
  var sample: Int?

  func validate() throws {
    if let sample, sample < 0 { throw ValidationError("--sample takes a whole number, 0 or more.") }
  }

  func run() throws {
    let scenario = try input.read()
    let table = try InputError.catching { FleetTable(try scenario.openFleet(), isWhole: true) }
    for id in -1..<min(sample ?? table.count, table.count) {
      FileHandle.standardOutput.write(Data((id < 0 ? table.header : table.row(id)).utf8))
    }
  }
}
