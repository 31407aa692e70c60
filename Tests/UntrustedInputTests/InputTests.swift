import Foundation
import Testing

@testable import UntrustedInputs

/// Files that fuzzing found interesting, or that somebody would try, read as the program reads them: it has to come back.
/// One after the other, since both read from one folder.
@Suite(.serialized) struct InputTests {
  private static let folder = URL(filePath: #filePath).appending(path: "../../Fixtures/fuzz")
    .standardizedFileURL

  @Test(arguments: UntrustedInput.allCases)
  func `committed files of each kind are read or refused`(input: UntrustedInput) throws {
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

  @Test func `the committed checkpoints are of the present form`() throws {
    let folder = Self.folder.appending(path: "checkpoint")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let bytes = try Data(contentsOf: folder.appending(path: name))
      #expect(UntrustedInput.isUsableCheckpoint(bytes), "\(name)")
    }
  }
}
