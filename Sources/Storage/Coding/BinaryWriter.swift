/// Assembles the binary form as the parts of a value are encoded in order.
///
/// Open containers form a stack. Writing to one closes every container opened inside it since.
final class BinaryWriter {
  private(set) var form = BinaryForm()
  private var stringNumbers: [String: Int] = [:]
  private var arrayNumbers: [ArrayPlace: Int] = [:]
  private(set) var depth = 0

  private struct ArrayPlace: Hashable {
    let address: UInt
    let count: Int
  }

  // MARK: Containers

  /// - Returns: the depth of the container, which identifies it for writing.
  func open(_ tag: BinaryTag) -> Int {
    append(tag)
    depth += 1
    return depth
  }

  /// Closes all deeper containers.
  func close(to depth: Int) {
    precondition(depth <= self.depth, "a container that was closed is not written into")
    while self.depth > depth {
      append(.end)
      self.depth -= 1
    }
  }

  func key(_ key: String) {
    number(UInt64(string(key)) + 1)
  }

  // MARK: Values

  func value<Value: Encodable>(_ value: Value) throws {
    if Value.self == [Float].self { return floats(value as! [Float]) }
    let (depth, start) = (depth, form.tree.count)
    try value.encode(to: BinaryValueEncoder(writer: self))
    if form.tree.count == start { _ = open(.record) }
    close(to: depth)
  }

  func append(_ tag: BinaryTag) { form.tree.append(tag.rawValue) }

  func integer<Value: FixedWidthInteger>(_ value: Value) {
    if let small = Int64(exactly: value) {
      append(small < 0 ? .negative : .positive)
      number(UInt64(bitPattern: small < 0 ? ~small : small))
    } else if let large = UInt64(exactly: value) {
      append(.positive)
      number(large)
    } else {
      append(.wide)
      fixed(Int128(value))
    }
  }

  func float(_ value: Float) {
    append(.float)
    fixed(value.bitPattern)
  }

  func double(_ value: Double) {
    append(.double)
    fixed(value.bitPattern)
  }

  func text(_ value: String) {
    append(.text)
    number(UInt64(string(value)))
  }

  private func floats(_ values: [Float]) {
    let place = values.withUnsafeBufferPointer {
      ArrayPlace(address: UInt(bitPattern: $0.baseAddress), count: $0.count)
    }
    append(.floats)
    number(UInt64(arrayNumbers[place] ?? form.arrays.count))
    guard arrayNumbers.updateValue(arrayNumbers[place] ?? form.arrays.count, forKey: place) == nil
    else { return }
    // Keeps the storage alive, so that no other array can reuse its address.
    form.arrays.append(values)
  }

  private func string(_ value: String) -> Int {
    if let known = stringNumbers[value] { return known }
    form.strings.append(value)
    stringNumbers[value] = form.strings.count - 1
    return form.strings.count - 1
  }

  private func number(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      form.tree.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    form.tree.append(UInt8(rest))
  }

  private func fixed<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: value.littleEndian) { form.tree.append(contentsOf: $0) }
  }
}

extension BinaryForm {
  /// - Throws: any error of the value's encoding.
  package init(_ value: some Encodable) throws {
    let writer = BinaryWriter()
    try writer.value(value)
    self = writer.form
  }
}
