/// The process and thread of each method's server and devices.
///
/// Thread ids are unique over all processes, since some viewers identify a thread by its id alone.
struct TraceTracks {
  private struct Device: Hashable {
    let process: Int
    let client: Int
  }

  private struct Lane {
    let track: TraceEvent.Track
    /// The end of its last slice.
    var end: Int64
  }

  private let methods: [String]
  private let processes: [String: Int]
  private var lanes: [Device: [Lane]] = [:]
  private var threads: Int

  /// - Parameter methods: the run's methods in order, possibly repeated.
  init(methods: [String]) {
    var processes: [String: Int] = [:]
    var names: [String] = []
    for method in methods where processes[method] == nil {
      processes[method] = processes.count + 1
      names.append(method)
    }
    self.methods = names
    self.processes = processes
    threads = processes.count
  }

  /// The names of processes and servers.
  var names: [TraceEvent] {
    methods.flatMap { method -> [TraceEvent] in
      let server = server(of: method)!
      return [
        .metadata("process_name", server, ("name", .text(method))),
        .metadata("process_sort_index", server, ("sort_index", .integer(server.process))),
        .metadata("thread_name", server, ("name", .text("server"))),
        .metadata("thread_sort_index", server, ("sort_index", .integer(-1))),
      ]
    }
  }

  /// The track of a method's server, which is its process's main thread; nil if the run has no such
  /// method.
  func server(of method: String) -> TraceEvent.Track? {
    processes[method].map { .init(process: $0, thread: $0) }
  }

  /// The track for a task's slices, chosen so that no two overlap.
  ///
  /// - Parameter begins: the events to write first if the track is new.
  mutating func track(of task: TaskRow) -> (track: TraceEvent.Track, begins: [TraceEvent]) {
    let device = Device(process: processes[task.method]!, client: task.client)
    let count = lanes[device]?.count ?? 0
    if let free = (0..<count).first(where: { lanes[device]![$0].end <= task.start }) {
      lanes[device]![free].end = task.end
      return (lanes[device]![free].track, [])
    }
    threads += 1
    let track = TraceEvent.Track(process: device.process, thread: threads)
    lanes[device, default: []].append(Lane(track: track, end: task.end))
    let lane = count > 0 ? ", concurrent task \(count + 1)" : ""
    return (
      track,
      [
        .metadata(
          "thread_name", track,
          ("name", .text("device \(task.client) (\(task.deviceClass))\(lane)"))),
        .metadata("thread_sort_index", track, ("sort_index", .integer(task.client))),
      ]
    )
  }
}
