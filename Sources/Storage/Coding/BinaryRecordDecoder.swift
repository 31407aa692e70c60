/// Keys usually arrive in the order in which they were written, so the search starts after the
/// previous one.
final class BinaryRecordDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private let entries: [(key: Int, value: BinaryNode)]
  private let strings: [String]
  private var next = 0

  init(entries: [(key: Int, value: BinaryNode)], strings: [String]) {
    self.entries = entries
    self.strings = strings
  }

  var codingPath: [any CodingKey] { [] }

  var allKeys: [Key] { entries.compactMap { Key(stringValue: strings[$0.key]) } }

  private func place(of key: String) -> Int? {
    for step in entries.indices {
      let place = (next + step) % entries.count
      if strings[entries[place].key] == key { return place }
    }
    return nil
  }

  private func value(_ key: some CodingKey) throws -> BinaryValueDecoder {
    guard let place = place(of: key.stringValue) else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: [], debugDescription: "nothing was written for \(key.stringValue)"))
    }
    next = place + 1
    return BinaryValueDecoder(node: entries[place].value, strings: strings)
  }

  func contains(_ key: Key) -> Bool { place(of: key.stringValue) != nil }

  func decodeNil(forKey key: Key) throws -> Bool {
    guard let place = place(of: key.stringValue) else { return true }
    if case .null = entries[place].value { return true }
    return false
  }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key).decode(type) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key).decode(type) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key).decode(type) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try value(key).decode(type) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key).decode(type) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try value(key).decode(type) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key).decode(type) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key).decode(type) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key).decode(type) }
  func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try value(key).decode(type) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try value(key).decode(type) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try value(key).decode(type) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try value(key).decode(type) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try value(key).decode(type) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try value(key).decode(type) }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try value(key).decode(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try value(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try value(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    guard let place = place(of: "super") else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [], debugDescription: "nothing was written of a superclass"))
    }
    return BinaryValueDecoder(node: entries[place].value, strings: strings)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try value(key) }
}
