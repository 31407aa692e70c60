import Adaptation
import Crypto
import Foundation
import Storage

/// Features of a data set's samples as a file: safetensors, with what they were computed from in the
/// `__metadata__` of its header.
///
/// `samples` holds the ascending indices of the samples, [n] as I32, and `features` a row for each,
/// [n, width + 1] as F32: its feature of unit length, and the length that the tower gave it. The metadata's `sha256` is that of all bytes behind the header.
struct FeatureFile {
  /// Whose features they are, and how many there are.
  let header: FeatureFileHeader
  private let file: URL
  /// The whole file, mapped.
  private let data: Data
  /// Where the numbers start in it.
  private let start: Int

  /// Opens a file and reads its header; its numbers are not looked at.
  ///
  /// - Throws: `FeatureCacheError` where it is no such file, or not a whole one.
  init(_ file: URL) throws(FeatureCacheError) {
    self.file = file
    do { data = try Data(contentsOf: file, options: .alwaysMapped) } catch {
      throw .unreadable(file, error)
    }
    guard data.count >= 8 else { throw .damaged(file) }
    let length = data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= UInt64(data.count - 8) else { throw .damaged(file) }
    start = 8 + Int(length)
    guard let header = FeatureFileHeader(data[8..<start], bodyBytes: data.count - start) else {
      throw .damaged(file)
    }
    self.header = header
  }

  /// The features of all its samples, or of those that are wanted and there.
  ///
  /// - Throws: `FeatureCacheError` where a bit is not what it was when it was written, or the file is
  ///   another key's.
  func features(
    _ key: FeatureKey, of wanted: [Int]? = nil
  ) throws(FeatureCacheError) -> FrozenFeatures {
    let body = data[start...]
    guard header.key == key.digest, header.columns == key.columns,
      header.checksum == SHA256.hash(data: body).hexadecimal
    else { throw .damaged(file) }
    let present = body.withUnsafeBytes { bytes in
      (0..<header.count).map { Int(bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)) }
    }
    guard present.allSatisfy((0..<key.population).contains),
      zip(present, present.dropFirst()).allSatisfy(<)
    else { throw .damaged(file) }
    var isWanted = [Bool](repeating: wanted == nil, count: key.population)
    for sample in wanted ?? [] { isWanted[sample] = true }
    let rows = present.indices.filter { isWanted[present[$0]] }
    return FrozenFeatures(
      body.withUnsafeBytes { Self.gather(rows, of: $0.dropFirst(4 * present.count), key.columns) },
      width: key.width, samples: rows.map { present[$0] }, population: key.population)
  }

  private static func gather(
    _ rows: [Int], of matrix: Slice<UnsafeRawBufferPointer>, _ columns: Int
  ) -> [Float] {
    let source = UnsafeRawBufferPointer(rebasing: matrix)
    return [Float](unsafeUninitializedCapacity: rows.count * columns) { target, count in
      count = rows.count * columns
      let target = UnsafeMutableRawBufferPointer(target)
      for (place, row) in rows.enumerated() {
        UnsafeMutableRawBufferPointer(
          rebasing: target[4 * columns * place..<4 * columns * (place + 1)]
        )
        .copyMemory(
          from: UnsafeRawBufferPointer(
            rebasing: source[4 * columns * row..<4 * columns * (row + 1)]))
      }
    }
  }

  /// Writes a new file to its end and onto the disk.
  ///
  /// - Throws: where it is there already, or the disk does not take it.
  static func write(_ features: FrozenFeatures, _ key: FeatureKey, to file: URL) throws {
    let samples = features.samples.sorted()
    var body = Data(capacity: 4 * samples.count * (1 + key.columns))
    samples.map(Int32.init).withUnsafeBytes { body.append(contentsOf: $0) }
    for sample in samples {
      features[sample].withUnsafeBytes { body.append(contentsOf: $0) }
    }
    let header = FeatureFileHeader(
      key, count: samples.count, checksum: SHA256.hash(data: body).hexadecimal)
    let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try handle.write(contentsOf: header.bytes())
    try handle.write(contentsOf: body)
    try handle.synchronize()
    try handle.close()
  }
}
