import Foundation

extension Data {
  /// The little-endian bytes of the words. O(n), a single memory copy on little-endian processors.
  init<Word: FixedWidthInteger & BitwiseCopyable>(littleEndian words: [Word]) {
    #if _endian(little)
      self = words.withUnsafeBytes { Data($0) }
    #else
      self = words.map(\.littleEndian).withUnsafeBytes { Data($0) }
    #endif
  }

  /// The little-endian bytes of the numbers, bit for bit.
  init(littleEndian numbers: [Float]) {
    #if _endian(little)
      self = numbers.withUnsafeBytes { Data($0) }
    #else
      self.init(littleEndian: numbers.map(\.bitPattern))
    #endif
  }

  /// The words encoded by the bytes, whose number must be a multiple of the word size. O(n), a
  /// single memory copy on little-endian processors.
  func littleEndian<Word: FixedWidthInteger & BitwiseCopyable>(_ type: Word.Type) -> [Word] {
    let size = MemoryLayout<Word>.size
    precondition(count % size == 0, "the caller has checked the length")
    let words = [Word](unsafeUninitializedCapacity: count / size) { buffer, initialized in
      initialized = copyBytes(to: buffer) / size
    }
    #if _endian(little)
      return words
    #else
      return words.map(Word.init(littleEndian:))
    #endif
  }

  /// The float32 numbers encoded by the bytes, bit for bit; the number of bytes must be a multiple
  /// of four.
  var littleEndianFloats: [Float] {
    #if _endian(little)
      precondition(count % 4 == 0, "the caller has checked the length")
      return [Float](unsafeUninitializedCapacity: count / 4) { buffer, initialized in
        initialized = copyBytes(to: buffer) / 4
      }
    #else
      return littleEndian(UInt32.self).map(Float.init(bitPattern:))
    #endif
  }
}

extension Float {
  /// The four bytes in little-endian order.
  var littleEndianBytes: [UInt8] {
    withUnsafeBytes(of: bitPattern.littleEndian) { Array($0) }
  }
}
