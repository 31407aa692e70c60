/// The encoder of a value that is not a single number or string.
struct BinaryValueEncoder: Encoder, SingleValueEncodingContainer {
  let writer: BinaryWriter

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(BinaryRecordEncoder(writer: writer, depth: writer.open(.record)))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    BinaryListEncoder(writer: writer, depth: writer.open(.list))
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func encodeNil() { writer.append(.null) }
  func encode(_ value: Bool) { writer.append(value ? .yes : .no) }
  func encode(_ value: String) { writer.text(value) }
  func encode(_ value: Double) { writer.double(value) }
  func encode(_ value: Float) { writer.float(value) }
  func encode(_ value: Int) { writer.integer(value) }
  func encode(_ value: Int8) { writer.integer(value) }
  func encode(_ value: Int16) { writer.integer(value) }
  func encode(_ value: Int32) { writer.integer(value) }
  func encode(_ value: Int64) { writer.integer(value) }
  func encode(_ value: Int128) { writer.integer(value) }
  func encode(_ value: UInt) { writer.integer(value) }
  func encode(_ value: UInt8) { writer.integer(value) }
  func encode(_ value: UInt16) { writer.integer(value) }
  func encode(_ value: UInt32) { writer.integer(value) }
  func encode(_ value: UInt64) { writer.integer(value) }
  func encode(_ value: some Encodable) throws { try writer.value(value) }
}
