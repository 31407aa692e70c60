import Foundation
import Testing

@testable import Federation

struct PayloadCodecTests {
  @Test func `a payload holds the numbers bit for bit`() throws {
    let numbers: [Float] = [0, -0.0, 1.5, -3.25e-12, .infinity, .leastNonzeroMagnitude, 1e30]
    let decoded = try PayloadCodec().decode(PayloadCodec().encode(numbers))
    #expect(decoded.map(\.bitPattern) == numbers.map(\.bitPattern))
  }

  @Test func `a number takes four bytes, the lowest first`() {
    #expect(Array(PayloadCodec().encode([1])) == [0, 0, 0x80, 0x3f])
    #expect(PayloadCodec().encode([1, 2, 3]).count == PayloadCodec().byteCount(of: 3))
  }

  @Test func `bytes that are no whole numbers are refused`() {
    #expect(throws: PayloadError(byteCount: 6)) { try PayloadCodec().decode(Data(count: 6)) }
  }
}
