import Foundation
import Testing

@testable import Storage

struct CheckpointFileTests {
  private enum Course: Codable, Hashable {
    case idle
    case running(step: Int)
    case lost(at: Double, Int)
  }

  private struct Sample: Codable, Equatable {
    var vector: [Float]
    var shared: [Float]
    var empty: [Float] = []
    var number = Int.min
    var wide = Int128.max
    var unsigned = UInt64.max
    var half: Double? = 0.5
    var absent: Double?
    var name = "naïve \"text\"\n"
    var course: [Course] = [.idle, .running(step: -3), .lost(at: -.infinity, 7)]
    var byNumber: [Int: [Float]] = [3: [1], -5: [2, 3]]
    var byOption: [Course?: Int] = [nil: 1, .idle: 2]
    var set: Set<Int> = [1, 300, -70_000]
    var nested: [[Int?]] = [[], [nil, 4]]
    var isLast = true
  }

  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "flora-\(UUID().uuidString)", directoryHint: .isDirectory)
  private var file: URL { folder.appending(path: "checkpoint") }
  private let sample = Sample(vector: [1, -0.0, .pi], shared: [4, 5])

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  @Test func `a value is read back unchanged`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try CheckpointFile.write(sample, identity: ["scenario": "a"], to: file)
    let read = try CheckpointFile(file)
    #expect(read.identity == ["scenario": "a"])
    #expect(try read.value(Sample.self) == sample)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["checkpoint"])
  }

  @Test func `every bit of a number is preserved, including NaNs and infinities`() throws {
    let bits: [UInt32] = [0x7fc0_1234, 0xff80_0001, 0x7f80_0000, 0x8000_0000, 1]
    let form = try BinaryForm(bits.map(Float.init(bitPattern:)))
    let floats: [Float] = try form.value()
    #expect(floats.map(\.bitPattern) == bits)
    let doubles = [Double(bitPattern: 0x7ff8_0000_dead_beef), -0.0]
    let back: [Double] = try BinaryForm(doubles).value()
    #expect(back.map(\.bitPattern) == doubles.map(\.bitPattern))
  }

  @Test func `a shared array is stored once`() throws {
    let vector = [Float](repeating: 1, count: 1000)
    let form = try BinaryForm(Sample(vector: vector, shared: vector))
    #expect(form.arrays.count { $0.count == 1000 } == 1)
    #expect(try form.value(Sample.self).shared == vector)
  }

  @Test func `a file with any changed byte, or truncated anywhere, is rejected`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try CheckpointFile.write(sample, identity: ["scenario": "a"], to: file)
    let whole = try Data(contentsOf: file)
    for place in stride(from: 0, to: whole.count, by: 7) {
      var changed = whole
      changed[place] ^= 0x10
      try changed.write(to: file)
      #expect(throws: CheckpointFault.self) { try CheckpointFile(file) }
      try whole.prefix(place).write(to: file)
      #expect(throws: CheckpointFault.self) { try CheckpointFile(file) }
    }
  }

  @Test func `a value of another type is rejected without a crash`() throws {
    struct Other: Codable { var vector: Int }
    let form = try BinaryForm(sample)
    #expect(throws: DecodingError.self) { try form.value(Other.self) }
    #expect(throws: DecodingError.self) { try form.value([Int].self) }
  }

  @Test func `invalid bytes are rejected without a crash`() throws {
    var form = try BinaryForm(sample)
    let whole = form.tree
    for length in 0..<whole.count {
      form.tree = Array(whole.prefix(length))
      #expect(throws: DecodingError.self) { try form.value(Sample.self) }
    }
  }

  @Test func `a failed write keeps the existing file`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("old".utf8).write(to: file)
    // A folder exists at the path of the temporary file.
    try FileManager.default.createDirectory(
      at: DurableFile.temporary(of: file), withIntermediateDirectories: true)
    let fault = #expect(throws: FileFault.self) {
      try CheckpointFile.write(sample, identity: [:], to: file)
    }
    #expect(fault?.code == EISDIR)
    #expect(try Data(contentsOf: file) == Data("old".utf8))
  }
}
