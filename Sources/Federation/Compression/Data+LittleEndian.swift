import Foundation

extension Data {
  /// The words' bytes, the lowest byte of each first. O(n), one copy of memory where the processor has them so.
  init<Word: FixedWidthInteger & BitwiseCopyable>(littleEndian words: [Word]) {
    #if _endian(little)
      self = words.withUnsafeBytes { Data($0) }
    #else
      self = words.map(\.littleEndian).withUnsafeBytes { Data($0) }
    #endif
  }

  /// The numbers' bytes, bit for bit, as those of words.
  init(littleEndian numbers: [Float]) {
    #if _endian(little)
      self = numbers.withUnsafeBytes { Data($0) }
    #else
      self.init(littleEndian: numbers.map(\.bitPattern))
    #endif
  }

  /// The words that the bytes make up; their number must be whole. O(n), one copy of memory where the processor has
  /// them so.
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

  /// The float32 numbers that the bytes make up, bit for bit; their number must be whole.
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
  /// Its four bytes, the lowest first.
  var littleEndianBytes: [UInt8] {
    withUnsafeBytes(of: bitPattern.littleEndian) { Array($0) }
  }
}
