import Foundation
import Randomness
import Testing

@testable import Federation

struct PayloadCodecTests {
  private static let codecs: [PayloadCodec] = [
    .float32, .float16, .bfloat16, .int8, .sign, .topK(TopKCodec(fraction: 0.01)),
    .topK(TopKCodec(fraction: 0.3)), .topK(TopKCodec(fraction: 1)),
  ]

  private static func encode(_ codec: some VectorCodec, _ numbers: [Float]) throws -> [UInt8] {
    var random = RandomStream(seed: 1, purpose: "rounding")
    return try Array(codec.encode(numbers, using: &random))
  }

  private static func normals(_ count: Int, seed: UInt64 = 2) -> [Float] {
    var random = RandomStream(seed: seed, purpose: "numbers")
    return (0..<count).map { _ in Float(random.normal()) }
  }

  // MARK: All

  @Test(arguments: codecs, [0, 1, 7, 8, 511, 512, 513, 1_300, 70_000])
  func `a payload has the predicted length and decodes to the same count`(
    codec: PayloadCodec, count: Int
  ) throws {
    let payload = try Self.encode(codec, Self.normals(count))
    #expect(payload.count == codec.byteCount(of: count))
    #expect(try codec.decode(Data(payload), count: count).count == count)
  }

  @Test(arguments: codecs)
  func `a payload of a different length is rejected`(codec: PayloadCodec) throws {
    let payload = try Data(Self.encode(codec, Self.normals(600)))
    for wrong in [payload.dropLast(), payload + [0], Data()] {
      #expect(
        throws: PayloadError.length(
          wrong.count, expected: codec.byteCount(of: 600), numbers: 600)
      ) { try codec.decode(wrong, count: 600) }
    }
  }

  @Test(arguments: codecs)
  func `decoded numbers are encoded losslessly, except for int8's random rounding`(
    codec: PayloadCodec
  ) throws {
    let once = try codec.decode(Data(Self.encode(codec, Self.normals(600))), count: 600)
    let twice = try codec.decode(Data(Self.encode(codec, once)), count: 600)
    let tolerance: Float = codec == .int8 ? 0.03 : codec == .sign ? 1e-6 : 0
    for (once, twice) in zip(once, twice) { #expect(abs(once - twice) <= tolerance) }
  }

  @Test(arguments: [PayloadCodec.int8, .sign, .topK(TopKCodec(fraction: 0.5))])
  func `NaN and infinite numbers cannot be compressed`(codec: PayloadCodec) {
    for number in [Float.nan, .infinity, -.infinity] {
      #expect(throws: PayloadError.notFinite(index: 2)) {
        try Self.encode(codec, [1, 2, number])
      }
    }
  }

  // MARK: Float formats

  @Test func `float32 holds the numbers bit for bit, the lowest byte first`() throws {
    let numbers: [Float] = [0, -0.0, 1.5, -3.25e-12, .infinity, .leastNonzeroMagnitude, 1e30]
    let payload = try Self.encode(Float32Codec(), numbers)
    let decoded = try Float32Codec().decode(Data(payload), count: numbers.count)
    #expect(decoded.map(\.bitPattern) == numbers.map(\.bitPattern))
    #expect(try Self.encode(Float32Codec(), [1]) == [0, 0, 0x80, 0x3f])
  }

  @Test func `float16 rounds to the nearest, ties to even`() throws {
    // 1 + 2^-11 lies between 1 and 1 + 2^-10, 1 + 3 * 2^-11 between that and 1 + 2^-9.
    let numbers: [Float] = [1 + 0x1p-11, 1 + 0x3p-11, 1 + 0x1p-11 + 0x1p-20, -2, 65_519, 65_520]
    #expect(
      try Self.encode(Float16Codec(), numbers)
        == [0x00, 0x3c, 0x02, 0x3c, 0x01, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x00, 0x7c])
  }

  @Test func `bfloat16 rounds to the nearest, ties to even`() throws {
    let numbers: [Float] = [1 + 0x1p-8, 1 + 0x3p-8, 1 + 0x1p-8 + 0x1p-20, -2, .infinity]
    #expect(
      try Self.encode(BFloat16Codec(), numbers)
        == [0x80, 0x3f, 0x82, 0x3f, 0x81, 0x3f, 0x00, 0xc0, 0x80, 0x7f])
    let nan = try Self.encode(BFloat16Codec(), [Float(bitPattern: 0x7fff_ffff)])
    #expect(try BFloat16Codec().decode(Data(nan), count: 1)[0].isNaN)
  }

  // MARK: int8

  @Test func `int8 sends multiples of the scale exactly`() throws {
    // The largest magnitude is 127 halves, so the scale is 0.5.
    let numbers: [Float] = [63.5, -1, 0.5, 0, -63.5]
    let payload = try Self.encode(Int8Codec(), numbers)
    #expect(payload == [0, 0, 0, 0x3f, 127, 0xfe, 1, 0, 0x81])
    #expect(try Int8Codec().decode(Data(payload), count: 5) == numbers)
  }

  @Test func `each block of 512 numbers has its own scale`() throws {
    let numbers = [Float](repeating: 127, count: 512) + [0.0127, 0]
    let payload = try Self.encode(Int8Codec(), numbers)
    #expect(payload.count == 4 + 512 + 4 + 2)
    let decoded = try Int8Codec().decode(Data(payload), count: 514)
    #expect(Array(decoded[..<512]) == Array(numbers[..<512]))
    #expect(abs(decoded[512] - 0.0127) < 1e-8)
  }

  @Test func `rounding to int8 is unbiased`() throws {
    let numbers = Self.normals(64)
    let scale = Double(numbers.map(\.magnitude).max()!) / 127
    let draws = 4_000
    var sums = [Double](repeating: 0, count: numbers.count)
    for seed in 0..<draws {
      var random = RandomStream(seed: UInt64(seed), purpose: "rounding")
      let payload = try Int8Codec().encode(numbers, using: &random)
      for (index, number) in try Int8Codec().decode(payload, count: 64).enumerated() {
        #expect(abs(Double(number - numbers[index])) < scale * 1.0001)
        sums[index] += Double(number)
      }
    }
    // Hoeffding: a mean of n draws that span one level is off by t levels with a probability of at
    // most 2 exp(-2 n t^2); t = 0.05 gives 4e-9 for each of the 64 numbers.
    for (sum, number) in zip(sums, numbers) {
      #expect(abs(sum / Double(draws) - Double(number)) < 0.05 * scale)
    }
  }

  @Test func `no number exceeds the last level of its block`() throws {
    for number in Self.normals(1_000).map(\.magnitude) {
      let payload = try Self.encode(Int8Codec(), [number])
      let scale = payload.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      #expect(127 * Double(Float(bitPattern: scale)) >= Double(number))
    }
  }

  @Test func `malformed scales and levels are rejected`() throws {
    for bits: [UInt8] in [[0, 0, 0x80, 0x7f], [0, 0, 0x80, 0xbf]] {
      #expect(throws: PayloadError.scale(block: 0)) {
        try Int8Codec().decode(Data(bits + [1]), count: 1)
      }
      #expect(throws: PayloadError.scale(block: 0)) {
        try SignCodec().decode(Data(bits + [1]), count: 1)
      }
    }
    #expect(throws: PayloadError.level(index: 1)) {
      try Int8Codec().decode(Data([0, 0, 0x80, 0x3f, 1, 0x80]), count: 2)
    }
  }

  // MARK: Sign

  @Test func `signs take one bit each after their mean magnitude`() throws {
    let numbers: [Float] = [1, -2, 0, -3, 4, 1, 1, -4, -2]
    let payload = try Self.encode(SignCodec(), numbers)
    #expect(payload == [0, 0, 0, 0x40, 0b1000_1010, 1])
    #expect(
      try SignCodec().decode(Data(payload), count: 9) == [2, -2, 2, -2, 2, 2, 2, -2, -2])
  }

  // MARK: Top-k

  @Test func `a few of many numbers are sent with their indices`() throws {
    var numbers = [Float](repeating: 0.5, count: 300)
    numbers[258] = -1
    numbers[7] = 2
    // Two indices of two bytes are shorter than 38 bytes of bitmap.
    let payload = try Self.encode(TopKCodec(fraction: 2.0 / 300), numbers)
    #expect(payload == [7, 0, 2, 1, 0, 0, 0, 0x40, 0, 0, 0x80, 0xbf])
  }

  @Test func `many of few numbers are sent with a bitmap`() throws {
    let payload = try Self.encode(TopKCodec(fraction: 0.2), [0, 0, 0, 0, 0, 0, 0, 0, -1, 2])
    #expect(payload == [0, 3, 0, 0, 0x80, 0xbf, 0, 0, 0, 0x40])
  }

  @Test func `of equal magnitudes, the one with the lower index is kept`() {
    #expect(TopKCodec.largest(3, of: [1, -2, 1, -1, 2, 1]) == [0, 1, 4])
  }

  @Test(arguments: [1, 10, 999, 1_000])
  func `the largest numbers match a sorted list`(kept: Int) {
    // Rounded, so that there are ties.
    let numbers = Self.normals(1_000, seed: 5).map { ($0 * 20).rounded() }
    let sorted = numbers.indices.sorted {
      (numbers[$1].magnitude, $0) < (numbers[$0].magnitude, $1)
    }
    #expect(TopKCodec.largest(kept, of: numbers) == sorted.prefix(kept).sorted())
  }

  @Test func `malformed positions are rejected`() throws {
    let few = TopKCodec(fraction: 2.0 / 300)
    let numbers = [UInt8](repeating: 0, count: 8)
    let lists: [[UInt8]] = [[7, 0, 7, 0], [8, 0, 7, 0], [7, 0, 44, 1]]
    for list in lists {
      #expect(throws: PayloadError.positions(kept: 2)) {
        try few.decode(Data(list + numbers), count: 300)
      }
    }
    let many = TopKCodec(fraction: 0.2)
    let bitmaps: [[UInt8]] = [[0, 1], [7, 0], [1, 4]]
    for bitmap in bitmaps {
      #expect(throws: PayloadError.positions(kept: 2)) {
        try many.decode(Data(bitmap + numbers), count: 10)
      }
    }
    #expect(throws: PayloadError.notFinite(index: 8)) {
      try many.decode(Data([0, 3, 0, 0, 0x80, 0x7f, 0, 0, 0, 0]), count: 10)
    }
  }
}
