/// A reproducible stream of random numbers for one purpose of a run.
///
/// The stream is a pure function of `(seed, purpose, ids)`. Drawing from one stream never advances
/// another, so adding a device, a round or a worker leaves all other draws unchanged. It is
/// counter-based: its state is a key and a position, and it can seek to any position in constant
/// time.
///
/// The generator is Philox 4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3",
/// SC 2011): a block of 128 random bits is a keyed bijection of a 128-bit counter. The upper half
/// of the counter identifies the stream, and the lower half counts its blocks.
///
/// Initialisation is inlinable because each device of a large fleet draws from several streams.
public struct RandomStream: RandomNumberGenerator, Sendable, Codable, Hashable {
  @usableFromInline let key: UInt64
  @usableFromInline let stream: UInt64
  @usableFromInline var position: UInt64 = 0

  /// - Parameters:
  ///   - seed: the run's seed.
  ///   - purpose: what the numbers are for, such as `"cohort"`; different purposes have independent
  ///     streams.
  ///   - ids: what the numbers belong to, such as a client and a round; order matters.
  @inlinable public init(seed: UInt64, purpose: StaticString, _ ids: Int...) {
    key = Self.mix(seed)
    var name: UInt64 = 0xcbf2_9ce4_8422_2325
    purpose.withUTF8Buffer { bytes in
      for byte in bytes { name = (name ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }
    for id in ids {
      name = Self.mix(name ^ Self.mix(UInt64(bitPattern: Int64(id)) &+ 0x9e37_79b9_7f4a_7c15))
    }
    stream = Self.mix(name)
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let block = Self.philox(counter: (stream, position >> 1), key: key)
    defer { position &+= 1 }
    return position & 1 == 0 ? block.0 : block.1
  }

  /// The next two 64-bit words; usually computes one block instead of two.
  mutating func nextTwo() -> (UInt64, UInt64) {
    guard position & 1 == 0 else { return (next(), next()) }
    defer { position &+= 2 }
    return Self.philox(counter: (stream, position >> 1), key: key)
  }

  /// The finalizer of SplitMix64 (Steele et al., OOPSLA 2014): a bijection in which every input bit
  /// affects every output bit.
  @inlinable static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Ten rounds of Philox 4x32 over `counter`; words are numbered from the low half up.
  static func philox(counter: (high: UInt64, low: UInt64), key: UInt64) -> (UInt64, UInt64) {
    var c0 = UInt32(truncatingIfNeeded: counter.low)
    var c1 = UInt32(truncatingIfNeeded: counter.low >> 32)
    var c2 = UInt32(truncatingIfNeeded: counter.high)
    var c3 = UInt32(truncatingIfNeeded: counter.high >> 32)
    var k0 = UInt32(truncatingIfNeeded: key)
    var k1 = UInt32(truncatingIfNeeded: key >> 32)
    for _ in 0..<10 {
      let product0 = UInt64(c0) &* 0xd251_1f53
      let product1 = UInt64(c2) &* 0xcd9e_8d57
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: product1 >> 32) ^ c1 ^ k0,
        UInt32(truncatingIfNeeded: product1),
        UInt32(truncatingIfNeeded: product0 >> 32) ^ c3 ^ k1,
        UInt32(truncatingIfNeeded: product0)
      )
      k0 &+= 0x9e37_79b9
      k1 &+= 0xbb67_ae85
    }
    return (UInt64(c1) << 32 | UInt64(c0), UInt64(c3) << 32 | UInt64(c2))
  }
}
