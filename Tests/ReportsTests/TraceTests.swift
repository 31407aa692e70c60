import Foundation
import Testing

@testable import Reports

/// The timeline, event by event.
struct TraceTests {
  private struct Event: Decodable {
    let ph: String
    let name: String
    let pid: Int
    let tid: Int
    let ts: Decimal?
    let dur: Decimal?
    let args: [String: JSONValue]
  }

  private struct Trace: Decodable {
    let traceEvents: [Event]
  }

  private func events(_ folder: ResultsFixture) throws -> [Event] {
    #expect(try TimelineTrace.write(in: folder.url).map(\.lastPathComponent) == ["trace.json"])
    let data = Data(try folder.text("trace.json").utf8)
    return try JSONDecoder().decode(Trace.self, from: data).traceEvents
  }

  @Test func `tasks are slices that contain their phases, to the nanosecond`() throws {
    let folder = try ResultsFixture.run()
    let slices = try events(folder).filter { $0.ph == "X" && $0.pid == 1 && $0.tid != 1 }
    #expect(
      slices.map(\.name) == [
        "round 1: dropped out in training", "download", "train", "round 1", "download", "train",
        "upload", "round 2", "download", "train", "upload",
      ])
    let text = try folder.text("trace.json")
    #expect(text.contains("\"ts\":9000000.000,\"dur\":1000000.001,"), "client 2's upload")
    #expect(text.contains("\"ts\":15000000.001,\"dur\":25000000.000,"), "client 0's task")
    let task = slices[3]
    #expect(task.args["outcome"] == .text("completed") && task.args["train_loss"] == .number(1.25))
    #expect(task.args["bytes_up"] == .integer(1000) && task.args["samples"] == .integer(10))
    #expect(slices[5].args["flops"] == .integer(4000))
  }

  @Test func `processes are methods, threads are devices, and all have names`() throws {
    let name = "<b>\"\\{}"
    let events = try events(.run(flora: name))
    func names(_ kind: String) -> [Int: String] {
      Dictionary(
        events.filter { $0.name == kind }.map {
          (kind == "process_name" ? $0.pid : $0.tid, $0.args["name"]?.text ?? "")
        }, uniquingKeysWith: { first, _ in first })
    }
    #expect(names("process_name") == [1: name, 2: "fedfft"])
    #expect(
      names("thread_name") == [
        1: "server", 2: "server", 3: "device 1 (phone)", 4: "device 2 (camera)",
        5: "device 0 (phone)", 6: "device 2 (camera)", 7: "device 0 (phone)",
      ])
    #expect(Set(events.map(\.tid)).isSubset(of: names("thread_name").keys))
  }

  @Test func `rounds are slices of the server, and bytes and accuracy are counters`() throws {
    let events = try events(.run())
    let rounds = events.filter { $0.ph == "X" && $0.tid == 1 }
    #expect(rounds.map(\.name) == ["round 1", "round 2"])
    #expect(rounds[1].dur == 30_000_000)
    let bytes = events.filter { $0.ph == "C" && $0.name == "cumulative bytes" && $0.pid == 1 }
    #expect(bytes.map { $0.args["value"] } == [.integer(0), .integer(3000), .integer(5000)])
    let accuracies = events.filter { $0.ph == "C" && $0.name == "test accuracy" && $0.pid == 2 }
    #expect(accuracies.map { $0.args["value"] } == [.number(0.5), .number(0.8125)])
    let instants = events.filter { $0.ph == "i" }
    #expect(instants.map(\.name) == ["insufficient memory"])
  }

  @Test func `overlapping tasks of a device have separate threads`() throws {
    let folder = try ResultsFixture.run()
    try folder.write(
      folder.text("tasks.csv").replacing("flora,7,1,1,phone", with: "flora,7,1,2,camera"),
      to: "tasks.csv")
    let events = try events(folder)
    let threads = events.filter { $0.name == "thread_name" }.compactMap { $0.args["name"]?.text }
    #expect(threads.contains("device 2 (camera), concurrent task 2"))
    for (_, slices) in Dictionary(grouping: events.filter { $0.ph == "X" }, by: \.tid) {
      let tasks = slices.filter { $0.name.hasPrefix("round") }.sorted { $0.ts! < $1.ts! }
      #expect(zip(tasks, tasks.dropFirst()).allSatisfy { $0.ts! + $0.dur! <= $1.ts! })
    }
  }

  @Test func `a run without tasks, or with damaged ones, writes no trace`() throws {
    let folder = try ResultsFixture.run()
    try folder.write(folder.text("tasks.csv") + "flora,7\n", to: "tasks.csv")
    let names = try folder.names()
    #expect(throws: ReportError.self) { try TimelineTrace.write(in: folder.url) }
    #expect(try folder.names() == names)
    try folder.remove("tasks.csv")
    let error = try #require(throws: ReportError.self) { try TimelineTrace.write(in: folder.url) }
    #expect(error.description.contains("report.tasks: all"))
  }

  @Test func `a trace.json that flora did not write is named and not replaced`() throws {
    let folder = try ResultsFixture.run()
    try folder.write("{}", to: "trace.json")
    let error = try #require(throws: ReportError.self) { try TimelineTrace.write(in: folder.url) }
    #expect(error.description.contains("trace.json was not written by flora"))
    #expect(try folder.text("trace.json") == "{}")
    try folder.remove("trace.json")
    _ = try TimelineTrace.write(in: folder.url)
    #expect(try TimelineTrace.write(in: folder.url).count == 1, "its own trace is replaced")
  }

  @Test func `each run of a sweep has its own trace`() throws {
    let folder = try ResultsFixture()
    try folder.write("run,method\n1,flora\n1,fedfft\n2,flora\n", to: "sweep.csv")
    let run = try ResultsFixture.run()
    for number in ["1", "2"] {
      for name in ["rounds.csv", "tasks.csv"] {
        try folder.write(run.text(name), to: "\(number)/\(name)")
      }
    }
    let files = try TimelineTrace.write(in: folder.url)
    #expect(files.count == 2 && folder.exists("1/trace.json") && folder.exists("2/trace.json"))
  }
}
