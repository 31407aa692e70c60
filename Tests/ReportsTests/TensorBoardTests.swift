import Foundation
import Testing

@testable import Reports

/// Event files, byte by byte.
struct TensorBoardTests {
  /// Vectors of RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRC algorithms.
  @Test(
    arguments: [
      (Array(repeating: 0, count: 32), 0x8A91_36AA),
      (Array(repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C),
      (Array("123456789".utf8), 0xE306_9283), ([], 0),
    ] as [([UInt8], UInt32)])
  func `the checksum is Castagnoli's`(bytes: [UInt8], checksum: UInt32) {
    #expect(CRC32C.checksum(bytes) == checksum)
  }

  @Test func `a file has the bytes that TensorBoard's own messages and writer give`() throws {
    let folder = try ResultsFixture.run()
    #expect(try TensorBoardLog.write(in: folder.url).map(\.lastPathComponent) == ["tensorboard"])
    let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/tensorboard/fedfft.tfevents")
    #expect(try log("fedfft", folder) == Data(contentsOf: fixture))
  }

  @Test func `a file of more rounds begins with that of fewer, and is appended to`() throws {
    let folder = try ResultsFixture.run()
    let rounds = try folder.text("rounds.csv")
    let manifest = try folder.text("manifest.json")
    try folder.remove("manifest.json")
    try folder.remove("summary.csv")
    try folder.write(
      rounds.split(separator: "\n").prefix(3).map { $0 + "\n" }.joined(), to: "rounds.csv")
    try TensorBoardLog.write(in: folder.url)
    let short = try log("flora", folder)
    let before = try number(of: "flora", folder)
    try folder.write(rounds, to: "rounds.csv")
    try folder.write(manifest, to: "manifest.json")
    try TensorBoardLog.write(in: folder.url)
    let whole = try log("flora", folder)
    #expect(whole.count > short.count && whole.starts(with: short))
    #expect(try number(of: "flora", folder) == before, "TensorBoard keeps the file open")
    // As after --resume from an earlier checkpoint: what is not a beginning is replaced.
    try folder.write(rounds.replacing("flora,7,1,10.0", with: "flora,7,1,11.0"), to: "rounds.csv")
    try TensorBoardLog.write(in: folder.url)
    let other = try log("flora", folder)
    #expect(other != whole && other.count == whole.count)
    try Data(whole + short).write(to: file("flora", folder))
    try folder.write(rounds, to: "rounds.csv")
    try TensorBoardLog.write(in: folder.url)
    #expect(try log("flora", folder) == whole)
  }

  @Test(arguments: ["../flora", ".flora", "a/b", ""])
  func `a method whose name is not a valid folder name is rejected`(name: String) throws {
    let folder = try ResultsFixture.run(flora: name)
    #expect(throws: ReportError.self) { try TensorBoardLog.write(in: folder.url) }
    #expect(!folder.exists("tensorboard"))
  }

  @Test func `numbers that are NaN or infinite are written as such`() throws {
    let folder = try ResultsFixture.run()
    let rounds = try folder.text("rounds.csv")
    try folder.write(rounds.replacing(",1.2,", with: ",NaN,"), to: "rounds.csv")
    try TensorBoardLog.write(in: folder.url)
    let value = Float.nan.bitPattern.littleEndianBytes
    let tag = Data("by_round/train_loss".utf8)
    let bytes = try log("flora", folder)
    let place = try #require(bytes.range(of: tag))
    // The value's field follows its tag: field 2, four bytes.
    #expect(Array(bytes[place.upperBound..<place.upperBound + 5]) == [0x15] + value)
  }

  private func file(_ method: String, _ folder: ResultsFixture) -> URL {
    folder.url.appending(path: "tensorboard/\(method)/\(TensorBoardLog.fileName)")
  }

  private func log(_ method: String, _ folder: ResultsFixture) throws -> Data {
    try Data(contentsOf: file(method, folder))
  }

  /// The file system's number of the file.
  private func number(of method: String, _ folder: ResultsFixture) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: file(method, folder).path)[.systemFileNumber]
      as? Int
  }
}
