/// An event file for TensorBoard: `Event` messages (`event.proto`) in TFRecord framing.
///
/// A record is the length of its message (8 bytes, little-endian), the masked CRC32C of these
/// bytes, the message, and the message's masked CRC32C. The caller supplies all times, so the same
/// events produce the same bytes.
struct EventFile {
  private(set) var bytes: [UInt8] = []

  /// Starts with the version of the format, at time 0.
  init() {
    append(Event(time: 0, step: 0)) { $0.add(3, "brain.Event:2") }
  }

  /// The time of an event.
  struct Event {
    /// Seconds; TensorBoard's "wall time".
    let time: Double
    /// TensorBoard's horizontal axis.
    let step: Int64
  }

  /// Adds an event with scalars, each under its tag.
  mutating func append(_ event: Event, scalars: [(tag: String, value: Float)]) {
    append(event) { message in
      var summary = ProtobufMessage()
      for scalar in scalars {
        var value = ProtobufMessage()
        value.add(1, scalar.tag)
        value.add(2, scalar.value)
        summary.add(1, value)
      }
      message.add(5, summary)
    }
  }

  /// The value of a hyperparameter.
  enum Hyperparameter: Equatable {
    case number(Double)
    case text(String)
    case flag(Bool)
  }

  /// Appends a finished session for the hparams plugin (`plugins/hparams/plugin_data.proto`).
  mutating func append(
    _ event: Event, hyperparameters: [(name: String, value: Hyperparameter)]
  ) {
    var start = ProtobufMessage()
    for parameter in hyperparameters {
      var value = ProtobufMessage()
      switch parameter.value {
      case .number(let number): value.add(2, number)
      case .text(let text): value.add(3, text)
      case .flag(let flag): value.add(4, flag)
      }
      var entry = ProtobufMessage()
      entry.add(1, parameter.name)
      entry.add(2, value)
      start.add(1, entry)
    }
    append(Event(time: event.time, step: 0), "_hparams_/session_start_info", field: 3, start)
    var end = ProtobufMessage()
    // STATUS_SUCCESS
    end.add(1, 1 as Int64)
    if event.time != 0 { end.add(2, event.time) }
    append(Event(time: event.time, step: 0), "_hparams_/session_end_info", field: 4, end)
  }

  /// A `DT_FLOAT` with one dimension of size 0, as in TensorBoard's own summaries: the plugin reads
  /// only the metadata.
  private static let nullTensor: [UInt8] = [0x08, 1, 0x12, 2, 0x12, 0]

  private mutating func append(
    _ event: Event, _ tag: String, field: Int, _ content: ProtobufMessage
  ) {
    var data = ProtobufMessage()
    data.add(field, content)
    var plugin = ProtobufMessage()
    plugin.add(1, "hparams")
    plugin.add(2, data)
    var metadata = ProtobufMessage()
    metadata.add(1, plugin)
    var value = ProtobufMessage()
    value.add(1, tag)
    value.add(8, Self.nullTensor)
    value.add(9, metadata)
    var summary = ProtobufMessage()
    summary.add(1, value)
    append(event) { $0.add(5, summary) }
  }

  private mutating func append(_ event: Event, _ body: (inout ProtobufMessage) -> Void) {
    var message = ProtobufMessage()
    // Protocol buffers omit fields with the type's default value.
    if event.time != 0 { message.add(1, event.time) }
    if event.step != 0 { message.add(2, event.step) }
    body(&message)
    let length = UInt64(message.bytes.count).littleEndianBytes
    bytes.append(contentsOf: length)
    bytes.append(contentsOf: CRC32C.masked(length).littleEndianBytes)
    bytes.append(contentsOf: message.bytes)
    bytes.append(contentsOf: CRC32C.masked(message.bytes).littleEndianBytes)
  }
}
