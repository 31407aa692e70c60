struct BinaryRecordEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let writer: BinaryWriter
  let depth: Int

  var codingPath: [any CodingKey] { [] }

  private func start(_ key: some CodingKey) {
    writer.close(to: depth)
    writer.key(key.stringValue)
  }

  private func value(_ key: Key) -> BinaryValueEncoder {
    start(key)
    return BinaryValueEncoder(writer: writer)
  }

  func encodeNil(forKey key: Key) { value(key).encodeNil() }
  func encode(_ value: Bool, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: String, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: Double, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: Float, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: Int, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: Int8, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: Int16, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: Int32, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: Int64, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: Int128, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: UInt, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: UInt8, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: UInt16, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: UInt32, forKey key: Key) { self.value(key).encode(value) }
  func encode(_ value: UInt64, forKey key: Key) { self.value(key).encode(value) }

  func encode(_ value: some Encodable, forKey key: Key) throws {
    try self.value(key).encode(value)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    value(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    value(key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder {
    writer.close(to: depth)
    writer.key("super")
    return BinaryValueEncoder(writer: writer)
  }

  func superEncoder(forKey key: Key) -> any Encoder { value(key) }
}
