import Foundation
import Testing

/// What a new user tries that is valid and hardly meant, or wrong in a way that was not told.
struct NewcomerCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let text = SmallScenario.text.replacing("name: small\n", with: "name: small\ntraining: none\n")
    try folder.write(text, to: "small.yaml")
    try folder.write(
      text + "\nsweep: { seed: [0, 1], methods.flora.rank: [2, 4] }\n", to: "sweep.yaml")
  }

  private func validate(_ file: String, _ more: String...) throws -> Flora.Run {
    try Flora.run(["validate", file] + more, in: folder)
  }

  @Test(arguments: [
    (["--seed", "9"], "--seed has no effect"),
    (["--set", "seed=9"], "--set seed has no effect"),
    (["--set", "methods.flora.rank=8"], "the scenario sweeps methods.flora.rank"),
  ])
  func `an override of a swept key is an error`(arguments: [String], words: String) throws {
    let run = try Flora.run(["run", "sweep.yaml"] + arguments, in: folder)
    #expect(run.status == 2 && run.errors.contains(words), "\(run.errors)")
    #expect(try folder.names() == ["small.yaml", "sweep.yaml"])
  }

  @Test func `--seed accepts the same range as the scenario's seed`() throws {
    #expect(try validate("small.yaml", "--seed", "9223372036854775807").status == 0)
    let large = try validate("small.yaml", "--seed", "9223372036854775808")
    #expect(large.status == 2 && large.errors.contains("seed"), "\(large.errors)")
  }

  @Test(arguments: ["name", "methods.flora.name"])
  func `a name that is too long for a folder is rejected`(key: String) throws {
    let longest = String(repeating: "a", count: 200)
    #expect(try validate("small.yaml", "--set", "\(key)=\(longest)").status == 0)
    let run = try validate("small.yaml", "--set", "\(key)=\(longest)a")
    #expect(run.status == 2 && run.errors.contains("200"), "\(run.errors)")
  }

  @Test func `names that differ only in case are rejected`() throws {
    let run = try validate("small.yaml", "--set", "methods.flora.name=FEDFFT")
    #expect(run.status == 2 && run.errors.contains("upper and lower case"), "\(run.errors)")
  }

  @Test(arguments: [
    ("methods.flora.name=NA", "pandas reads the name \"NA\""),
    ("server.cohort=40", "server.cohort is 40, but the fleet has 4 devices"),
    ("server.strategy={kind: fedbuff, buffer: 2, concurrency: 9}", "9 devices at a time"),
    ("methods.flora.rank=200", "flora: rank 200 is above 128"),
    ("training={batch_size: 1}", "flora: a batch of one sample learns nothing"),
  ])
  func `valid settings that are probably unintended cause a warning`(
    override: String, words: String
  ) throws {
    let run = try validate("small.yaml", "--set", override)
    #expect(run.status == 0 && run.errors.contains(words), "\(run.errors)")
    #expect(try validate("small.yaml").errors.isEmpty)
  }

  @Test func `a run warns as validate does`() throws {
    let run = try Flora.run(
      ["run", "small.yaml", "--json-progress", "--set", "server.cohort=40"], in: folder)
    #expect(run.status == 0 && run.errors.contains("the fleet has 4 devices"), "\(run.errors)")
  }

  @Test func `a wrong profile is one error`() throws {
    let text = try folder.text("small.yaml")
    let start = try #require(text.range(of: "fleet:"))
    let end = try #require(text.range(of: "server:"))
    try folder.write(
      text.replacingCharacters(
        in: start.lowerBound..<end.lowerBound, with: "fleet: { profile: nowhere }\n"),
      to: "profile.yaml")
    let run = try validate("profile.yaml")
    #expect(run.status == 2 && run.errors.contains("fleet.profile"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
  }

  @Test(arguments: [
    ("model.safetensors", "pytorch_model.bin", "safe_serialization=True"),
    ("model.safetensors", "open_clip_pytorch_model.bin", "OpenCLIP's layout"),
    ("config.json", "open_clip_config.json", "OpenCLIP's layout"),
    ("model.safetensors", "notes.txt", "model.safetensors is missing"),
  ])
  func `a model in another format is reported with a suggestion`(
    file: String, other: String, words: String
  ) throws {
    let base = folder.url.appending(path: "base")
    try FileManager.default.copyItem(at: Flora.shippedBase, to: base)
    try FileManager.default.moveItem(
      at: base.appending(path: file), to: base.appending(path: other))
    let run = try Flora.run(["model", "base"], in: folder)
    #expect(run.status == 2 && run.output.isEmpty && run.errors.contains(words), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func `the version names release, commit and kernels`() throws {
    let run = try Flora.run(["--version"], in: folder)
    #expect(run.status == 0)
    #expect(
      run.output.wholeMatch(
        of: /\d+\.\d+\.\d+ \((commit [0-9a-f]{12}|unknown commit), (flora \w+|Accelerate).*\)\n/)
        != nil, "\(run.output)")
  }
}
