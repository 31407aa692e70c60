/// A decoded value before it is converted to its type.
indirect enum BinaryNode {
  case null
  case truth(Bool)
  case integer(Int128)
  case float(Float)
  case double(Double)
  case text(String)
  case list([BinaryNode])
  case record([(key: Int, value: BinaryNode)])
  case floats([Float])
}

extension BinaryNode {
  /// The root of a binary form's tree.
  ///
  /// - Throws: `DecodingError` if the form is invalid.
  static func root(of form: BinaryForm) throws -> BinaryNode {
    var reader = BinaryReader(form: form)
    let node = try reader.value()
    guard reader.isAtEnd else { throw reader.fault }
    return node
  }
}

/// Reads values from the bytes of a tree.
private struct BinaryReader {
  let form: BinaryForm
  private var place = 0

  init(form: BinaryForm) { self.form = form }

  var isAtEnd: Bool { place == form.tree.count }

  var fault: DecodingError {
    .dataCorrupted(
      .init(codingPath: [], debugDescription: "byte \(place) belongs to no value"))
  }

  mutating func value() throws -> BinaryNode {
    guard let node = try valueOrEnd() else { throw fault }
    return node
  }

  /// Returns nil at the end of a container.
  private mutating func valueOrEnd() throws -> BinaryNode? {
    guard let tag = BinaryTag(rawValue: try byte()) else { throw fault }
    switch tag {
    case .end: return nil
    case .null: return .null
    case .no: return .truth(false)
    case .yes: return .truth(true)
    case .positive: return .integer(Int128(try number()))
    case .negative: return .integer(~Int128(try number()))
    case .wide: return .integer(try fixed())
    case .float: return .float(Float(bitPattern: try fixed()))
    case .double: return .double(Double(bitPattern: try fixed()))
    case .text: return .text(try entry(of: form.strings))
    case .floats: return .floats(try entry(of: form.arrays))
    case .list:
      var list: [BinaryNode] = []
      while let next = try valueOrEnd() { list.append(next) }
      return .list(list)
    case .record: return .record(try entries())
    }
  }

  private mutating func entries() throws -> [(key: Int, value: BinaryNode)] {
    var entries: [(key: Int, value: BinaryNode)] = []
    while true {
      let key = try number()
      if key == 0 { return entries }
      guard key <= form.strings.count else { throw fault }
      entries.append((Int(key) - 1, try value()))
    }
  }

  private mutating func entry<Entry>(of table: [Entry]) throws -> Entry {
    let index = try number()
    guard index < table.count else { throw fault }
    return table[Int(index)]
  }

  private mutating func byte() throws -> UInt8 {
    guard place < form.tree.count else { throw fault }
    place += 1
    return form.tree[place - 1]
  }

  private mutating func number() throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      let next = try byte()
      value |= UInt64(next & 0x7f) << UInt64(shift)
      if next < 0x80 { return value }
    }
    throw fault
  }

  private mutating func fixed<Value: FixedWidthInteger>() throws -> Value {
    let size = MemoryLayout<Value>.size
    guard form.tree.count - place >= size else { throw fault }
    place += size
    return form.tree.withUnsafeBytes {
      Value(littleEndian: $0.loadUnaligned(fromByteOffset: place - size, as: Value.self))
    }
  }
}
