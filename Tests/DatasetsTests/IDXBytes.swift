/// The bytes of an IDX file of unsigned bytes.
func idx(_ dimensions: [UInt32], _ values: [UInt8]) -> [UInt8] {
  let header: [UInt8] = [0, 0, 8, UInt8(dimensions.count)]
  return header + dimensions.flatMap { bigEndian($0) } + values
}

private func bigEndian(_ number: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}
