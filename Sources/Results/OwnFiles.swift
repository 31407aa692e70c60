import Foundation
import Scenario

/// The files of runs and sweeps in a results folder, distinguished from other files by how they
/// begin.
///
/// Unrecognised files are never removed, and never replaced without being named.
package struct OwnFiles {
  private let directory: URL

  package init(in directory: URL) { self.directory = directory }

  /// The beginnings of the files of runs and sweeps, for all versions of the package.
  private static let beginnings: [String: [String]] = [
    "rounds.csv": ["method,seed,"], "tasks.csv": ["method,seed,"],
    "edges.csv": ["method,seed,"],
    "clients.csv": ["method,seed,"],
    "participants.csv": ["method,seed,"], "missing_data.csv": ["method,seed,"],
    "fleet.csv": ["device,device_class,"], "summary.csv": ["method,seed", "sweep:"],
    "sweep.csv": ["run,"], "manifest.json": ["{"],
  ]
  private static let runTables = [
    "rounds.csv", "tasks.csv", "edges.csv", "clients.csv", "participants.csv", "missing_data.csv",
    "fleet.csv", "summary.csv", "manifest.json", "checkpoint.flora",
  ]
  private static let adapterFiles = [
    "adapter_config.json", "adapter_model.safetensors", "model.safetensors",
    "changed_weights.safetensors",
  ]

  /// - Parameter methods: the methods whose adapters will be written.
  /// - Throws: `ExperimentError` if a file that a run would overwrite does not belong to a run.
  func check(_ methods: [String]) throws(ExperimentError) {
    try checkTables()
    let known = self.methods
    for method in methods where !known.contains(method) {
      for folder in folders(of: method) {
        for name in Self.adapterFiles where exists(folder.appending(path: name)) {
          throw Self.stranger(folder.appending(path: name))
        }
      }
    }
  }

  /// Like `check(_:)`, but only for the tables at the top of a run's or a sweep's folder.
  package func checkTables() throws(ExperimentError) {
    for name in Self.runTables + ["sweep.csv"] where exists(file(name)) && !isOwn(name) {
      throw Self.stranger(file(name))
    }
  }

  private static func stranger(_ file: URL) -> ExperimentError {
    ExperimentError(
      "\(file.relativePath) is in the way and was not written by flora; move it, or give another folder with --out"
    )
  }

  /// Whether there is a run's table at the top of the folder.
  package var hasRun: Bool { exists(file("rounds.csv")) && isOwn("rounds.csv") }

  /// Whether that run is finished; its manifest is written last.
  package var hasFinishedRun: Bool { isOwn("manifest.json") }

  /// Whether the folder has a sweep's table at its top.
  package var hasSweep: Bool { isOwn("sweep.csv") }

  /// Removes the tables and adapters of an existing run, and files derived from them.
  package func removeRun() {
    let methods = self.methods
    removeLeftovers(of: methods)
    for method in methods { removeAdapter(method) }
    rmdir(file("adapters").path)
    for name in Self.runTables where isOwn(name) { remove(file(name)) }
    removeReport()
  }

  /// Removes the temporary files of a killed run.
  func removeLeftovers(of methods: some Sequence<String>) {
    for name in Self.runTables + ["sweep.csv"] { remove(file(name + ".temporary")) }
    for folder in methods.flatMap(folders(of:)) {
      for name in names(in: folder) where name.hasPrefix(Self.atomicWritePrefix) {
        remove(folder.appending(path: name))
      }
    }
  }

  /// The prefix of Foundation's temporary files for atomic writes (`Data.WritingOptions.atomic`).
  private static let atomicWritePrefix = ".dat.nosync"

  /// Removes the table of an existing sweep.
  func removeSweep() {
    if isOwn("sweep.csv") { remove(file("sweep.csv")) }
  }

  /// Removes the files that `flora report`, `--trace` and `--tensorboard` derived from tables that
  /// will be overwritten.
  package func removeReport() {
    if contains(
      file("report.html"), ["Made from the tables of a run of flora", "Made from sweep.csv"])
    {
      remove(file("report.html"))
    }
    if begins(file("trace.json"), with: ["{\"displayTimeUnit\":\"ms\",\"traceEvents\":["]) {
      remove(file("trace.json"))
    }
    let plots = file("plots")
    for name in names(in: plots) {
      let plot = plots.appending(path: name)
      if name.hasSuffix(".dat"), begins(plot, with: ["# Columns: "]) { remove(plot) }
      guard name.hasSuffix(".gp"),
        contains(
          plot, ["# flora report overwrites this file", "# flora report writes this file anew"])
      else {
        continue
      }
      for ending in [".gp", ".svg", ".png"] {
        remove(plots.appending(path: name.dropLast(3) + ending))
      }
    }
    rmdir(plots.path)
    let logs = file("tensorboard")
    for method in names(in: logs) {
      let log = logs.appending(path: method)
      remove(log.appending(path: Self.eventFile))
      rmdir(log.path)
    }
    rmdir(logs.path)
  }

  /// The name of a method's event file for `--tensorboard`; no other program has files with this
  /// name.
  private static let eventFile = "events.out.tfevents.0.flora"

  /// Removes a method's files, and its folders if they are then empty.
  func removeAdapter(_ method: String) {
    for folder in folders(of: method).reversed() {
      for name in Self.adapterFiles { remove(folder.appending(path: name)) }
      rmdir(folder.path)
    }
  }

  /// The numbered folders with runs of earlier sweeps, except those in `names`.
  package func runs(otherThan names: Set<String>) -> [String] {
    self.names(in: directory).filter { name in
      !names.contains(name) && name.allSatisfy { $0.isASCII && $0.isNumber }
        && OwnFiles(in: file(name)).hasRun
    }
  }

  /// The methods of the existing run.
  private var methods: Set<String> {
    guard hasRun, let text = try? String(contentsOf: file("rounds.csv"), encoding: .utf8) else {
      return []
    }
    let names = text.split(separator: "\n").dropFirst().map { CSVFile.fields(of: $0)[0] }
    return Set(names).filter(Scenario.isFolderName)
  }

  /// A method's folder, and the folders of personal models in it.
  private func folders(of method: String) -> [URL] {
    let folder = file("adapters/\(method)")
    return [folder]
      + names(in: folder).filter { $0.hasPrefix("client-") }.map { folder.appending(path: $0) }
  }

  private func file(_ name: String) -> URL { directory.appending(path: name) }

  private func exists(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path) }

  private func remove(_ file: URL) { try? FileManager.default.removeItem(at: file) }

  private func names(in folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  private func isOwn(_ name: String) -> Bool {
    switch name {
    // No other program has files with this name.
    case "checkpoint.flora": true
    case "manifest.json": contains(file(name), ["\"flora_version\""])
    default: begins(file(name), with: Self.beginnings[name] ?? [])
    }
  }

  /// Whether a file is empty, or begins with one of the texts.
  private func begins(_ file: URL, with texts: [String]) -> Bool {
    guard let handle = try? FileHandle(forReadingFrom: file) else { return false }
    defer { try? handle.close() }
    guard let start = try? handle.read(upToCount: 64) else { return true }
    return start.isEmpty || texts.contains { start.starts(with: $0.utf8) }
  }

  private func contains(_ file: URL, _ texts: [String]) -> Bool {
    guard let data = try? Data(contentsOf: file) else { return false }
    return texts.contains { data.range(of: Data($0.utf8)) != nil }
  }
}
