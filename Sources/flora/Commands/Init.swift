import ArgumentParser
import Foundation
import Scenario

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a commented scenario to begin with.")

  @Argument(help: "The file to write; one that is there is left alone.")
  var file = "my-scenario.yaml"

  func run() throws {
    let url = URL(filePath: file)
    let name = url.deletingPathExtension().lastPathComponent
    guard Scenario.isFolderName(name) else {
      throw InputError(
        description:
          "flora: the scenario is called like its file, with letters, digits, \"-\", \"_\" and \".\" only; choose another name than \(url.lastPathComponent)"
      )
    }
    do {
      try Data(StarterScenario.text(named: name).utf8).write(to: url, options: .withoutOverwriting)
    } catch CocoaError.fileWriteFileExists {
      throw InputError(description: "flora: \(file) is there already; choose another name")
    } catch CocoaError.fileNoSuchFile {
      throw InputError(description: "flora: there is no folder for \(file); make it first")
    } catch let error as CocoaError {
      throw InputError(
        description: "flora: \(file) cannot be written: \(error.localizedDescription)")
    }
    print("\(file) is a scenario to begin with: flora run \(file)")
  }
}
