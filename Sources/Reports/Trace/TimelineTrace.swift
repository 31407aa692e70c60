import Foundation

/// A run's tasks and rounds as a trace that Perfetto and chrome://tracing open.
///
/// A method is a process: its server is the first thread, whose slices are rounds, and each device another, whose
/// slices are tasks with their phases in them. A device that has two tasks at once has two threads. Bytes and
/// accuracy are counters.
package enum TimelineTrace {
  /// Writes `trace.json` into a run's folder; of a sweep's, into the folder of each of its runs.
  ///
  /// tasks.csv is read once and never held: memory grows with the devices, not with the tasks.
  ///
  /// - Returns: the files.
  /// - Throws: `ReportError` where a table is missing or damaged; an error of the file system where the trace
  ///   cannot be written.
  package static func write(in folder: URL) throws -> [URL] {
    try ResultsFolderCheck.check(folder)
    guard SweepResults.isSweep(folder) else { return [try writeRun(folder)] }
    return try SweepResults.runFolders(folder).map(writeRun)
  }

  private static func writeRun(_ folder: URL) throws -> URL {
    let place = folder.appending(path: "trace.json")
    let tasks = folder.appending(path: "tasks.csv")
    let rounds = try RoundRow.readAll(from: folder.appending(path: "rounds.csv")) ?? []
    guard FileManager.default.fileExists(atPath: tasks.path) else {
      throw ReportError(
        "\(tasks.path) is missing, and the trace is made from it; run with report.tasks: all")
    }
    let file = try StagedFile(place)
    do {
      try file.write("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n")
      var tracks = TraceTracks(methods: rounds.map(\.method))
      var separator = ""
      func write(_ events: [TraceEvent]) throws {
        for event in events {
          try file.write(separator + event.json)
          separator = ",\n"
        }
      }
      try write(tracks.names)
      try write(RoundEvents.events(rounds, tracks))
      try TaskRow.forEach(in: tasks) { task, row in
        guard tracks.server(of: task.method) != nil else {
          throw row.fault("rounds.csv has no method \(task.method)")
        }
        try write(TaskEvents.events(task, &tracks))
      }
      try file.write("\n]}\n")
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
    return place
  }
}
