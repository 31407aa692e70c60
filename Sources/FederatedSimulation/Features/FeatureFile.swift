import Adaptation
import Crypto
import Foundation
import Storage

/// A file with the features of a data set's samples: safetensors, with their inputs in the header's
/// `__metadata__`.
///
/// `samples` contains the ascending indices of the samples, [n] as I32, and `features` a row for
/// each, [n, width + 1] as F32: the normalised feature and its original norm. The metadata's
/// `sha256` covers all bytes after the header.
struct FeatureFile {
  /// The key and the shape of the features.
  let header: FeatureFileHeader
  private let file: URL
  /// The whole file, memory-mapped.
  private let data: Data
  /// The offset of the data in the file.
  private let start: Int

  /// Opens a file and reads its header, but not its data.
  ///
  /// - Throws: `FeatureCacheError` if the file has another format or is incomplete.
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

  /// The features of all its samples, or of those that are requested and available.
  ///
  /// - Throws: `FeatureCacheError` if the checksum does not match, or the file has another key.
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

  /// Writes a new file completely and calls fsync.
  ///
  /// - Throws: if the file already exists, or cannot be written.
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
