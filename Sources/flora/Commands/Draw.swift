import ArgumentParser
import Drawings
import Foundation
import Pretraining

struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a sheet of the pictures that base models are pretrained on.")

  @Option(help: "How many pictures.")
  var sample = 400

  @Option(help: "The seed of the drawings.")
  var seed: UInt32 = 1

  @Option(help: "Width and height of a picture in pixels.")
  var size = 28

  @Flag(help: "Draw centred on black, without pretraining's augmentation.")
  var plain = false

  @Option(
    help:
      "Instead of drawings, show the captioned pictures in a folder as pretraining augments them.",
    completion: .directory)
  var pictures: String?

  @Option(help: "The PNG file.", completion: .file(extensions: ["png"]))
  var out = "drawings.png"

  func validate() throws {
    guard (1...10_000).contains(sample) else {
      throw ValidationError("--sample takes a whole number from 1 to 10000.")
    }
    guard (8...512).contains(size) else {
      throw ValidationError("--size takes a whole number from 8 to 512.")
    }
    guard !plain || pictures == nil else {
      throw ValidationError("--plain is for drawings; omit --plain or --pictures.")
    }
  }

  func run() throws {
    guard !FileManager.default.fileExists(atPath: out) else {
      throw InputError(description: "flora: \(out) already exists; choose another name with --out")
    }
    let sheet = try InputError.catching { try makeSheet() }
    do {
      try sheet.writePNG(to: URL(filePath: out))
    } catch {
      throw InputError(description: "flora: \(error)")
    }
    print("Wrote the sheet to \(out).")
  }

  private func makeSheet() throws -> ContactSheet {
    let magnification = size < 56 ? 2 : 1
    if let pictures {
      let supply = try PairSupply(
        seed: UInt64(seed), imageSize: size, corpus: URL(filePath: pictures))
      return ContactSheet(
        [(0..<sample).map { supply.pair($0).pixels }], size: size, magnification: magnification)
    }
    let source = DrawnPairSource(
      seed: UInt64(seed), imageSize: size, style: plain ? .plain : .augmented)
    return ContactSheet((0..<sample).map { source.pair($0) }, magnification: magnification)
  }
}
