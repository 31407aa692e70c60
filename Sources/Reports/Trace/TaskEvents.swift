/// A task as events: a slice that contains its phases, or an instant if it did not start.
enum TaskEvents {
  static func events(_ task: TaskRow, _ tracks: inout TraceTracks) -> [TraceEvent] {
    let (track, begins) = tracks.track(of: task)
    guard task.outcome.started else {
      return begins + [
        .instant(
          task.outcome.title, category: "task", track, at: task.start,
          [("round", .integer(task.round)), ("samples", .integer(task.samples))])
      ]
    }
    let slice = TraceEvent.slice(
      "round \(task.round)" + (task.outcome == .completed ? "" : ": \(task.outcome.title)"),
      category: "task", track, start: task.start, length: task.end - task.start, arguments(task))
    return begins + [slice]
      + task.phases.map { phase in
        .slice(
          phase.phase.rawValue, category: "phase", track, start: phase.start, length: phase.length,
          arguments(phase.phase, task))
      }
  }

  private static func arguments(_ task: TaskRow) -> [(String, TraceEvent.Argument)] {
    [
      ("round", .integer(task.round)), ("outcome", .text(task.outcome.rawValue)),
      ("device_class", .text(task.deviceClass)), ("samples", .integer(task.samples)),
      ("bytes_down", .integer(task.bytesDown)), ("bytes_up", .integer(task.bytesUp)),
      ("flops", .integer(task.flops)),
    ]
      + (task.trainLoss.map { [("train_loss", .number($0))] } ?? [])
      + (task.energy.map { [("energy_j", .number($0))] } ?? [])
  }

  private static func arguments(_ phase: TaskPhase, _ task: TaskRow) -> [(
    String, TraceEvent.Argument
  )] {
    switch phase {
    case .download: [("bytes", .integer(task.bytesDown))]
    case .train: [("flops", .integer(task.flops)), ("samples", .integer(task.samples))]
    case .upload: [("bytes", .integer(task.bytesUp))]
    }
  }
}
