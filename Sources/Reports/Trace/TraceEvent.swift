/// An event in the Chrome trace event format, as JSON.
///
/// Format: "Trace Event Format", Google, 2016. Times are in microseconds, with nanoseconds as
/// decimals.
struct TraceEvent {
  /// A track: a process and one of its threads.
  struct Track: Hashable {
    let process: Int
    let thread: Int
  }

  private(set) var json: String

  /// An event with a duration: a slice of a track.
  static func slice(
    _ name: String, category: String, _ track: Track, start: Int64, length: Int64,
    _ arguments: [(String, Argument)]
  ) -> TraceEvent {
    TraceEvent(
      json: "{\"ph\":\"X\",\(identity(name, category, track)),\(time(start)),"
        + "\"dur\":\(DecimalTime.microseconds(length)),\(text(arguments))}")
  }

  /// An event without a duration.
  static func instant(
    _ name: String, category: String, _ track: Track, at time: Int64,
    _ arguments: [(String, Argument)]
  ) -> TraceEvent {
    TraceEvent(
      json: "{\"ph\":\"i\",\"s\":\"t\",\(identity(name, category, track)),\(self.time(time)),"
        + "\(text(arguments))}")
  }

  /// A value of a process's counter.
  static func counter(_ name: String, _ track: Track, at time: Int64, _ value: Argument)
    -> TraceEvent
  {
    TraceEvent(
      json: "{\"ph\":\"C\",\(identity(name, "counter", track)),\(self.time(time)),"
        + "\(text([("value", value)]))}")
  }

  /// The name or the sort index of a process or a thread.
  static func metadata(_ name: String, _ track: Track, _ argument: (String, Argument))
    -> TraceEvent
  {
    TraceEvent(
      json: "{\"ph\":\"M\",\(identity(name, "__metadata", track)),\(text([argument]))}")
  }

  /// A value of an event.
  enum Argument {
    case integer(Int)
    case number(Double)
    case text(String)

    fileprivate var json: String {
      switch self {
      case .integer(let value): "\(value)"
      case .number(let value): value.isFinite ? value.plain : "null"
      case .text(let text): JSONText.quoted(text)
      }
    }
  }

  private static func identity(_ name: String, _ category: String, _ track: Track) -> String {
    "\"name\":\(JSONText.quoted(name)),\"cat\":\"\(category)\",\"pid\":\(track.process),"
      + "\"tid\":\(track.thread)"
  }

  private static func time(_ time: Int64) -> String { "\"ts\":\(DecimalTime.microseconds(time))" }

  private static func text(_ arguments: [(String, Argument)]) -> String {
    let fields = arguments.map { "\"\($0)\":\($1.json)" }.joined(separator: ",")
    return "\"args\":{\(fields)}"
  }
}
