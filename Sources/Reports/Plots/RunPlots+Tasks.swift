/// The plots of tasks.csv.
extension RunPlots {
  func outcomes(_ set: inout PlotSet) {
    let bars = results.methods.flatMap { method in
      results.deviceClasses.compactMap { OutcomeBar(method, $0) }
    }
    let present = Outcome.allCases.filter { outcome in
      bars.contains { $0.sum(outcome).tasks > 0 }
    }
    guard !bars.isEmpty else { return }
    set.data.append(
      GnuplotData(
        name: "outcomes.dat", columns: ["place"] + present.map(\.rawValue),
        blocks: [
          .init(
            name: "tasks by method and device class: "
              + bars.map { "\($0.method) \($0.deviceClass)" }.joined(separator: ", "),
            rows: bars.enumerated().map { place, bar in
              ["\(place)"] + present.map { "\(bar.sum($0).tasks)" }
            })
        ]))
    set.figures.append(
      GnuplotFigure(
        name: "outcomes", title: "Outcomes of tasks by device class",
        settings: ticks(bars.map { "\($0.method) \($0.deviceClass)" }, "x") + [
          "set style data histograms", "set style histogram rowstacked",
          "set style fill solid border rgb '#ffffff'", "set boxwidth 0.8", "set ylabel 'tasks'",
          "set yrange [0:*]", "set xtics rotate by -30",
        ],
        elements: present.enumerated().map { place, outcome in
          "'outcomes.dat' using \(place + 2) \(outcome.gnuplotLook) title '\(outcome.title)'"
        }, height: 560))
  }

  func clients(_ set: inout PlotSet) {
    let curves = results.methods.compactMap { method in
      ClientSpread(method, results)?.completed.map { (method: method, curve: $0) }
    }
    guard !curves.isEmpty else { return }
    set.data.append(
      GnuplotData(
        name: "clients.dat", columns: ["share_of_clients", "share_of_completed_updates"],
        blocks: curves.map { curve in
          .init(
            name: curve.method.name,
            rows: curve.curve.lorenz.map { [$0.x.plain, $0.y.plain] })
        }))
    set.figures.append(
      GnuplotFigure(
        name: "clients", title: "Completed updates over clients",
        settings: [
          "set xlabel 'share of the clients (%)'",
          "set ylabel 'share of the completed updates (%)'",
          "set xrange [0:100]", "set yrange [0:100]",
        ],
        elements: curves.enumerated().map { index, curve in
          let every = curve.curve.lorenz.count / 4000 + 1
          let thinned = every > 1 ? " every \(every)" : ""
          return
            "'clients.dat' index \(index)\(thinned) using (100 * $1):(100 * $2) with lines \(curve.method.style.gnuplotLine) title \(GnuplotText.quoted(curve.method.name))"
        } + ["x with lines dt 2 lc rgb '#57606a' title 'all have the same'"],
        height: height(withKeyOf: curves.count + 1)))
  }

  func timelines(_ set: inout PlotSet) {
    for (index, slowest) in results.methods.compactMap(\.slowest).enumerated() {
      let tasks = Array(slowest.tasks.reversed())
      func seconds(_ time: Int64) -> String { DecimalTime.seconds(time - slowest.window.start) }
      let name = "timeline-\(index + 1)"
      set.data.append(
        GnuplotData(
          name: "\(name).dat", columns: ["place", "start_s", "end_s"],
          blocks: TaskPhase.allCases.map { phase in
            .init(
              name: phase.title,
              rows: tasks.enumerated().flatMap { place, task in
                task.phases.filter { $0.phase == phase }.map {
                  ["\(place)", seconds($0.start), seconds($0.start + $0.length)]
                }
              })
          }))
      set.figures.append(
        GnuplotFigure(
          name: name, title: "\(slowest.method): round \(slowest.window.round), the slowest",
          settings: ticks(tasks.map { "\($0.client) \($0.deviceClass)" }, "y") + [
            "set xlabel 'virtual time since the round began (s)'", "set style fill solid noborder",
            "set arrow from \(seconds(slowest.window.end)), graph 0 to \(seconds(slowest.window.end)), graph 1 nohead dt 2",
          ],
          elements: TaskPhase.allCases.enumerated().filter { _, phase in
            tasks.contains { $0.phases.contains { $0.phase == phase } }
          }.map { block, phase in
            "'\(name).dat' index \(block) using 2:1:2:3:($1 - 0.35):($1 + 0.35) with boxxyerror lc rgb '\(phase.gnuplotColour)' title '\(phase.title)'"
          }, height: 220 + 16 * tasks.count))
    }
  }
}

extension Outcome {
  /// The colour, with a pattern for lost tasks.
  fileprivate var gnuplotLook: String {
    switch self {
    case .completed: "lc rgb '#2b7a4b'"
    case .late: "lc rgb '#a0448a'"
    case .stale: "lc rgb '#a0448a' fs pattern 1"
    case .rejected: "lc rgb '#b3261e'"
    case .droppedDownload: "lc rgb '#c96a10' fs pattern 1"
    case .droppedTraining: "lc rgb '#c96a10' fs pattern 4"
    case .droppedUpload: "lc rgb '#c96a10' fs pattern 5"
    case .outage: "lc rgb '#8a4b08'"
    case .edgeFailed: "lc rgb '#c96a10' fs pattern 2"
    case .excludedMemory: "lc rgb '#6b7280'"
    case .unavailable: "lc rgb '#c9ced5'"
    }
  }
}

extension TaskPhase {
  fileprivate var gnuplotColour: String {
    switch self {
    case .download: "#7fc4ea"
    case .train: "#d89a1c"
    case .upload: "#12507f"
    }
  }
}
