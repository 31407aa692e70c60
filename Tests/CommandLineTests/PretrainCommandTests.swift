import Foundation
import Testing

/// Commands that train and evaluate a base.
struct PretrainCommandTests {
  private let folder: TemporaryFolder

  private let recipe = """
    name: small
    seed: 3
    data: { photographs: 50 }
    vocabulary: { size: 600, captions: 50 }
    model: { image_size: 28, patch_size: 14, width: 16, heads: 2, layers: 1 }
    training: { steps: 40, batch_size: 8, checkpoint_every: 5, evaluate_every: 20 }
    """

  init() throws { folder = try TemporaryFolder() }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.url.appending(path: path).path)
  }

  @Test func `a base is trained, evaluated, and used in a scenario`() throws {
    try folder.write(recipe, to: "recipe.yaml")
    let training = try Flora.run(["pretrain", "recipe.yaml", "--out", "base"], in: folder)
    #expect(training.status == 0 && training.errors.isEmpty)
    #expect(!exists("base/checkpoint.safetensors"))
    let rows = try String(
      contentsOf: folder.url.appending(path: "base/training.csv"), encoding: .utf8
    ).split(separator: "\n")
    #expect(rows.count == 41)
    #expect(try Flora.run(["model", "base"], in: folder).status == 0)
    let evaluation = try Flora.run(["evaluate", "base", "--seeds", "2"], in: folder)
    #expect(evaluation.status == 0)
    let lines = evaluation.output.split(separator: "\n")
    #expect(lines.count == 4 && lines[3].hasPrefix("mean"))
    #expect(lines[1].hasSuffix("14000"))
  }

  @Test func `interrupted training resumes from its checkpoint`() throws {
    try folder.write(recipe.replacing("steps: 40", with: "steps: 4000"), to: "recipe.yaml")
    let errors = folder.url.appending(path: "errors.txt")
    let process = try Flora.start(
      ["pretrain", "recipe.yaml", "--out", "base"], in: folder, errors: errors)
    while process.isRunning, !exists("base/checkpoint.safetensors") { usleep(20_000) }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(try String(contentsOf: errors, encoding: .utf8).contains("--resume"))
    #expect(!exists("base/model.safetensors"))
    let again = try Flora.run(["pretrain", "recipe.yaml", "--out", "base"], in: folder)
    #expect(again.status == 2 && again.errors.contains("--resume"))
    let other = try Flora.run(
      ["pretrain", "recipe.yaml", "--out", "base", "--resume", "--set", "seed=4"], in: folder)
    #expect(other.status == 2 && other.errors.contains("another recipe"))
    #expect(exists("base/checkpoint.safetensors"))
  }

  @Test(arguments: [
    (["pretrain", "nowhere.yaml"], "nowhere.yaml"),
    (["pretrain", "recipe.yaml", "--set", "training.stepz=4"], "steps"),
    (["pretrain", "recipe.yaml", "--set", "data.pictures=nowhere"], "scripts/corpora"),
    (["pretrain", "recipe.yaml", "--set", "data.fashion_mnist=nowhere"], "nowhere"),
    (["draw", "--pictures", "nowhere"], "scripts/corpora"),
    (["draw", "--pictures", "nowhere", "--plain"], "--plain"),
    (["evaluate", "nowhere"], "nowhere"),
    (["evaluate", "nano", "--dataset", "cifar-10"], "--path"),
    (["evaluate", "nano", "--path", "nowhere"], "nowhere"),
    (["evaluate", "nano", "--prompt", "a photo"], "--prompt"),
  ])
  func `invalid input is named, with exit code 2 and no files`(
    arguments: [String], named: String
  ) throws {
    try folder.write(recipe, to: "recipe.yaml")
    let run = try Flora.run(arguments, in: folder)
    #expect(run.status == 2)
    #expect(run.errors.contains(named))
    #expect(!exists("results"))
  }

  @Test func `a sheet of drawings replaces no file`() throws {
    try folder.write("mine", to: "drawings.png")
    let run = try Flora.run(["draw"], in: folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("drawings.png already exists"))
    #expect(try folder.text("drawings.png") == "mine")
  }
}
