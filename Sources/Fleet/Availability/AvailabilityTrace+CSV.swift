import EventSimulation
import Foundation

/// Why a recording of sessions cannot be read, as a sentence that names the file and line.
public struct TraceError: Error, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension AvailabilityTrace {
  /// Reads a CSV file with the header `device,start_s,end_s`: a session a line, the seconds counted
  /// from the start of the run, devices under any names.
  ///
  /// The recorded devices are taken in the order in which they first occur.
  package init(csv file: URL, period: SimulationDuration?) throws(TraceError) {
    guard let data = try? Data(contentsOf: file) else {
      throw TraceError("the availability trace \(file.path) cannot be read; check the path")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw TraceError("\(file.path) is not UTF-8 text; save it as UTF-8")
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.first == "device,start_s,end_s" else {
      throw TraceError("\(file.path) must begin with the header device,start_s,end_s")
    }
    var places: [Substring: Int] = [:]
    var sessions: [[Session]] = []
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == 3, let start = Self.time(fields[1]), let end = Self.time(fields[2]),
        start <= end
      else {
        throw TraceError(
          "\(file.path):\(index + 1): expected a device and the start and end of its session in seconds, found \"\(line.prefix(60))\""
        )
      }
      guard period.map({ end.sinceStart <= $0 }) ?? true else {
        throw TraceError(
          "\(file.path):\(index + 1): the session ends after the period; give a longer period"
        )
      }
      let place = places[fields[0]] ?? sessions.count
      if place == sessions.count {
        places[fields[0]] = place
        sessions.append([])
      }
      sessions[place].append(Session(start: start, end: end))
    }
    guard !sessions.isEmpty else { throw TraceError("\(file.path) contains no sessions") }
    self.init(sessions, period: period)
  }

  private static func time(_ seconds: Substring) -> SimulationTime? {
    guard let seconds = Double(seconds), seconds >= 0, seconds < 9e9 else { return nil }
    return SimulationTime(nanoseconds: Int64((seconds * 1e9).rounded()))
  }
}
