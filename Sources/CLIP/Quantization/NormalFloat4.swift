/// 4-bit NormalFloat with double quantisation: placeholder until the fixture is there.
enum NormalFloat4 {
  static let block = 64
  static let nestedBlock = 256

  static func bytes(count: Int) -> Int {
    let blocks = (count + block - 1) / block
    return (count + 1) / 2 + blocks + 4 * ((blocks + nestedBlock - 1) / nestedBlock) + 4
  }

  static func roundTrip(_ numbers: UnsafeBufferPointer<Float>) -> [Float] { Array(numbers) }
}
