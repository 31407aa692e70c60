import Foundation
import Testing

@testable import UntrustedInputs

/// Files found by fuzzing, or likely attacks, read as the program reads them: reading must terminate without a crash.
/// Serialized, since both read from the same folder.
@Suite(.serialized) struct InputTests {
  private static let folder = URL(filePath: #filePath).appending(path: "../../Fixtures/fuzz")
    .standardizedFileURL

  @Test(arguments: UntrustedInput.allCases)
  func `committed files of each kind are read or rejected`(input: UntrustedInput) throws {
    let folder = Self.folder.appending(path: input.rawValue)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    try #require(!names.isEmpty)
    for name in names {
      let bytes = try Data(contentsOf: folder.appending(path: name))
      input.read(bytes)
      for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 23)) {
        input.read(bytes.prefix(length))
        var changed = bytes
        changed[changed.startIndex + length] ^= 0xFF
        input.read(changed)
      }
    }
  }

  @Test func `the committed checkpoints have the current format`() throws {
    let folder = Self.folder.appending(path: "checkpoint")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let bytes = try Data(contentsOf: folder.appending(path: name))
      #expect(UntrustedInput.isUsableCheckpoint(bytes), "\(name)")
    }
  }
}
