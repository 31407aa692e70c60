/// The decoder of a single node.
struct BinaryValueDecoder: Decoder, SingleValueDecodingContainer {
  let node: BinaryNode
  let strings: [String]

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .record(let entries) = node else { throw mismatch([String: Any].self) }
    return KeyedDecodingContainer(BinaryRecordDecoder<Key>(entries: entries, strings: strings))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .list(let list) = node else { throw mismatch([Any].self) }
    return BinaryListDecoder(list: list, strings: strings)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { if case .null = node { true } else { false } }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard case .truth(let value) = node else { throw mismatch(type) }
    return value
  }

  func decode(_ type: String.Type) throws -> String {
    guard case .text(let value) = node else { throw mismatch(type) }
    return value
  }

  func decode(_ type: Double.Type) throws -> Double {
    guard case .double(let value) = node else { throw mismatch(type) }
    return value
  }

  func decode(_ type: Float.Type) throws -> Float {
    guard case .float(let value) = node else { throw mismatch(type) }
    return value
  }

  func decode(_ type: Int.Type) throws -> Int { try integer() }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
  func decode(_ type: Int128.Type) throws -> Int128 { try integer() }
  func decode(_ type: UInt.Type) throws -> UInt { try integer() }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    guard type == [Float].self else { return try Value(from: self) }
    guard case .floats(let values) = node else { throw mismatch(type) }
    return values as! Value
  }

  private func integer<Value: FixedWidthInteger>() throws -> Value {
    guard case .integer(let wide) = node, let value = Value(exactly: wide) else {
      throw mismatch(Value.self)
    }
    return value
  }

  private func mismatch(_ type: Any.Type) -> DecodingError {
    .typeMismatch(type, .init(codingPath: [], debugDescription: "another type was written here"))
  }
}

extension BinaryForm {
  /// Decodes the value from this form.
  ///
  /// - Throws: `DecodingError` if the form encodes another type.
  package func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try BinaryValueDecoder(node: .root(of: self), strings: strings).decode(type)
  }
}
