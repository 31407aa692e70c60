import Adaptation
import DeviceTasks
import Fleet
import Foundation
import Results
import Scenario
import TrainingBackends

/// The results of a finished simulation.
extension Simulation {
  /// Writes the trained parameters in the file format of the method; personal models each in their
  /// own folder.
  func write(to directory: URL) throws {
    for model in algorithm.writtenModels {
      let folder = model.owner.map { directory.appending(path: "client-\($0)") } ?? directory
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      if let lora = model.lora {
        try PartialLoRA(lora, model, of: adapted).write(model.parameters, to: folder)
      } else {
        try adapted.method.write(model.parameters, to: folder)
      }
    }
  }

  /// The number of trainable parameters of a client with the server's size.
  var trainableParameters: Int {
    guard let part = algorithm.model(nil, from: algorithm.version).lora?.part else {
      return adapted.method.trainable.count
    }
    return planner.costs.trainedCount(part)
  }

  /// The bytes that such a client sends per version.
  var payload: ByteCount {
    traffic(
      algorithm.model(nil, from: algorithm.version).lora?.part, nil,
      cohort: server.selectedPerRound
    ).upload
  }

  /// The total of all tasks.
  var total: RoundActivity { ledger.total }

  /// The number of events handled.
  var events: Int { engine.state.events }

  /// A remark for the user on how the versions were created; nil if there is none.
  var remark: String? {
    guard state.emptyVersions > 0 || state.giveUp != nil else { return nil }
    let total = total
    let causes = [
      (total.excludedMemory, "had insufficient memory"),
      (total.unavailable, "were offline or had insufficient charge"),
      (total.dropped, "dropped out"), (total.late, "were late"),
      (total.rejected, "were rejected because they contained NaN or infinite values"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let reason =
      causes.isEmpty
      ? "no device could be selected"
      : "of \(total.selected) tasks " + causes.joined(separator: ", ")
    guard let giveUp = state.giveUp else {
      return
        "\(state.emptyVersions) of \(server.rounds) versions received no update and left the model unchanged: \(reason)"
    }
    let cause =
      switch giveUp {
      case .noEligibleDevice: "no device can take part anymore"
      case .noSuitableDevice:
        "no device that was online met the selection's criteria"
      case .onlyLostTasks: "no task was completed for a long time"
      case .onlyRejectedUpdates: "all updates were NaN or infinite"
      }
    return
      "the run ended at version \(state.version) of \(server.rounds), since \(cause): \(reason)"
  }
}
