import Foundation

/// The built executable.
enum Flora {
  struct Run {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Runs the command to completion, in a folder.
  ///
  /// - Parameters:
  ///   - environment: variables in addition to those of the tests.
  ///   - prelude: shell commands to run before the command, such as setting a limit.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:],
    prelude: String? = nil
  ) throws -> Run {
    let output = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let errors = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer {
      try? FileManager.default.removeItem(at: output)
      try? FileManager.default.removeItem(at: errors)
    }
    let process = try start(
      arguments, in: folder, environment: environment, prelude: prelude, output: output,
      errors: errors)
    process.waitUntilExit()
    return Run(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }

  static func start(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:],
    prelude: String? = nil, output: URL? = nil, errors: URL? = nil
  ) throws -> Process {
    func handle(_ file: URL?) throws -> FileHandle {
      guard let file else { return .nullDevice }
      try Data().write(to: file)
      return try FileHandle(forWritingTo: file)
    }
    let process = Process()
    let executable = products.appending(path: "flora")
    process.executableURL = prelude == nil ? executable : URL(filePath: "/bin/sh")
    process.arguments =
      (prelude.map { ["-c", "\($0); exec \"$0\" \"$@\"", executable.path] } ?? []) + arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["FLORA_CACHE": folder.cache.path]) { $1 }.merging(environment) { $1 }
    process.currentDirectoryURL = folder.url
    process.standardOutput = try handle(output)
    process.standardError = try handle(errors)
    try process.run()
    return process
  }

  /// The bundled base, in the sources.
  static let shippedBase = package.appending(path: "Sources/BaseModels/Models/nano")

  /// Files that other tests use for comparison.
  static let fixtures = package.appending(path: "Tests/Fixtures")

  private static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The build folder of the package's products, next to the running tests.
  private static let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
}
