import Foundation
import PackagePlugin

/// Generates `BuildCommit.text`: the commit that is checked out when the package is built, or an
/// empty text if the package is not a git checkout.
///
/// The command depends on git's log of HEAD, to which commits, checkouts and rebases append. It
/// writes its file only if the commit has changed, so a build after a commit recompiles only the
/// target that uses the plugin, and other builds recompile nothing for it.
@main
struct NameCommit: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let package = context.package.directoryURL
    let output = context.pluginWorkDirectoryURL.appending(path: "BuildCommit.swift")
    let inputs = Self.inputs(package)
    return [
      .buildCommand(
        displayName: "Naming the commit", executable: URL(filePath: "/bin/sh"),
        arguments: ["-c", Self.script, "sh", inputs.isEmpty ? "" : package.path, output.path],
        inputFiles: inputs, outputFiles: [output])
    ]
  }

  /// `sh -c SCRIPT sh PACKAGE FILE`; the package is empty if it is not a checkout.
  private static let script = """
    commit=
    if [ -n "$1" ]; then commit=$(git -C "$1" rev-parse --short=12 HEAD 2>/dev/null) || commit=; fi
    text="enum BuildCommit { static let text = \\"$commit\\" }"
    [ "$(cat "$2" 2>/dev/null)" = "$text" ] || printf '%s\\n' "$text" >"$2"
    """

  /// The paths that change when another commit is checked out; empty if the package is not itself a
  /// checkout.
  private static func inputs(_ package: URL) -> [URL] {
    var git = package.appending(path: ".git")
    // In a linked worktree, .git is a file that names the directory.
    if let text = try? String(contentsOf: git, encoding: .utf8),
      let line = text.split(separator: "\n").first, line.hasPrefix("gitdir: ")
    {
      git = URL(filePath: String(line.dropFirst("gitdir: ".count)), relativeTo: package)
    }
    let head = git.appending(path: "HEAD")
    guard FileManager.default.fileExists(atPath: head.path) else { return [] }
    let log = git.appending(path: "logs/HEAD")
    let index = git.appending(path: "index")
    return [head, FileManager.default.fileExists(atPath: log.path) ? log : index]
  }
}
