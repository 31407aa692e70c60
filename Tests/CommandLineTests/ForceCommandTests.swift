import Foundation
import Testing

/// Finished results, which nothing replaces unless the user says so.
struct ForceCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let text = SmallScenario.text.replacing("name: small\n", with: "name: small\ntraining: none\n")
    try folder.write(text, to: "small.yaml")
    try folder.write(text + "\nsweep: { seed: [0, 1] }\n", to: "sweep.yaml")
  }

  private func run(_ file: String, _ more: String...) throws -> Flora.Run {
    try Flora.run(["run", file, "--out", "out"] + more, in: folder)
  }

  /// Everything in the folder of the results, by path.
  private func contents() throws -> [String: Data] {
    let directory = folder.url.appending(path: "out")
    var files: [String: Data] = [:]
    for case let path as String in FileManager.default.enumerator(atPath: directory.path)! {
      files[path] = (try? Data(contentsOf: directory.appending(path: path))) ?? Data()
    }
    return files
  }

  private func expectRefusal(_ run: Flora.Run, _ words: String) {
    #expect(run.status == 2 && run.output.isEmpty, "\(run.output)\(run.errors)")
    #expect(run.errors.contains("out") && run.errors.contains(words), "\(run.errors)")
    #expect(run.errors.contains("--force") && run.errors.split(separator: "\n").count == 1)
  }

  @Test func `a finished run is replaced with --force only`() throws {
    #expect(try run("small.yaml").status == 0)
    let before = try contents()
    expectRefusal(try run("small.yaml"), "contains the finished results of this scenario")
    expectRefusal(try run("small.yaml", "--seed", "5"), "of another scenario")
    expectRefusal(try run("sweep.yaml"), "contains the finished results of a run")
    #expect(try contents() == before)
    #expect(try run("small.yaml", "--seed", "5", "--force").status == 0)
    #expect(try contents()["rounds.csv"] != before["rounds.csv"])
    #expect(try run("sweep.yaml", "--force").status == 0)
    #expect(try contents()["rounds.csv"] == nil)
  }

  @Test func `an interrupted run is replaced without --force`() throws {
    #expect(try run("small.yaml").status == 0)
    try FileManager.default.removeItem(at: folder.url.appending(path: "out/manifest.json"))
    #expect(try run("small.yaml").status == 0)
  }

  @Test func `a sweep keeps its own finished runs, and replaces others with --force only`() throws {
    #expect(try run("sweep.yaml").status == 0)
    let again = try run("sweep.yaml")
    #expect(again.status == 0 && again.output.contains("2 were already complete"))
    let before = try contents()
    expectRefusal(try run("small.yaml"), "contains the results of a sweep")
    try folder.write(
      folder.text("sweep.yaml").replacing("[0, 1]", with: "[0, 2, 1]"), to: "sweep.yaml")
    expectRefusal(try run("sweep.yaml"), "out/2 contains the finished results of another")
    #expect(try contents() == before)
    let forced = try run("sweep.yaml", "--force")
    #expect(forced.status == 0 && forced.output.contains("2 of 3"), "\(forced.output)")
  }

  @Test func `--resume and --force contradict each other`() throws {
    let run = try run("small.yaml", "--resume", "--force")
    #expect(run.status == 2 && run.errors.contains("--force"), "\(run.errors)")
  }
}
