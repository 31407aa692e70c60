import Foundation

/// A trace of a run's tasks and rounds for Perfetto and chrome://tracing.
///
/// A method is a process: its server is the first thread, whose slices are rounds. Each device is
/// another thread, whose slices are tasks that contain their phases; a device with two concurrent
/// tasks has two threads. Bytes and accuracy are counters.
package enum TimelineTrace {
  /// Writes `trace.json` to a run's folder, or to the folder of each run of a sweep.
  ///
  /// tasks.csv is streamed in a single pass: memory grows with the number of devices, not of tasks.
  ///
  /// - Returns: the files.
  /// - Throws: `ReportError` if a table is missing or damaged, or if the folder has a `trace.json`
  ///   that flora did not write; a file system error if the trace cannot be written.
  package static func write(in folder: URL) throws -> [URL] {
    try ResultsFolderCheck.check(folder)
    guard SweepResults.isSweep(folder) else { return [try writeRun(folder)] }
    return try SweepResults.runFolders(folder).map(writeRun)
  }

  /// Checks that a run's folder has no `trace.json` that flora did not write.
  ///
  /// - Throws: `ReportError` if it has one.
  package static func check(_ folder: URL) throws {
    try OwnOutput.check(folder.appending(path: fileName)) { $0.starts(with: beginning.utf8) }
  }

  private static let fileName = "trace.json"
  private static let beginning = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":["

  private static func writeRun(_ folder: URL) throws -> URL {
    try check(folder)
    let place = folder.appending(path: fileName)
    let tasks = folder.appending(path: "tasks.csv")
    let rounds = try RoundRow.readAll(from: folder.appending(path: "rounds.csv")) ?? []
    guard FileManager.default.fileExists(atPath: tasks.path) else {
      throw ReportError(
        "\(tasks.path) is missing, and the trace is made from it; run with report.tasks: all")
    }
    let file = try StagedFile(place)
    do {
      try file.write(beginning + "\n")
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
