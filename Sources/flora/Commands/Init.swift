import ArgumentParser
import Foundation
import Scenario

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a commented scenario to start from.")

  @Argument(help: "The file to write; an existing file is not overwritten.")
  var file = "my-scenario.yaml"

  func run() throws {
    let url = URL(filePath: file)
    let name = url.deletingPathExtension().lastPathComponent
    guard Scenario.isFolderName(name) else {
      throw InputError(
        description:
          "flora: the scenario takes the name of its file, which can contain only letters, digits, \"-\", \"_\" and \".\"; choose another name than \(url.lastPathComponent)"
      )
    }
    do {
      try Data(StarterScenario.text(named: name).utf8).write(to: url, options: .withoutOverwriting)
    } catch CocoaError.fileWriteFileExists {
      throw InputError(description: "flora: \(file) already exists; choose another name")
    } catch CocoaError.fileNoSuchFile {
      throw InputError(description: "flora: the folder of \(file) does not exist; create it first")
    } catch let error as CocoaError {
      throw InputError(
        description: "flora: \(file) cannot be written: \(error.localizedDescription)")
    }
    print("Wrote \(file). Run it with: flora run \(file)")
  }
}
