/// The rounds of a method that ended with a task of one device class, and the time these tasks
/// spent per phase.
struct RoundWait {
  let method: String
  /// Nil for rounds that did not end with a task.
  let deviceClass: String?
  let rounds: Int
  /// In virtual time.
  let seconds: Double
  /// The share of the time of all rounds.
  let share: Double
  /// Shares of `seconds`: before the task began, and in its phases. For a task that began before
  /// its round, only the part within the round counts.
  let before: Double
  let download: Double
  let training: Double
  let upload: Double

  /// Nil if no round ended this way, or some rounds' times are unknown.
  init?(_ method: String, _ tally: TaskTally, deviceClass: String?) {
    let pairs = zip(tally.clock.windows, tally.lastTasks).filter { $1?.deviceClass == deviceClass }
    guard !pairs.isEmpty else { return nil }
    let total = tally.clock.windows.reduce(0.0) { $0 + Double($1.length) }
    let length = pairs.reduce(0.0) { $0 + Double($1.0.length) }
    func part(_ amount: (VersionClock.Window, LastTask) -> Int64) -> Double {
      guard length > 0 else { return 0 }
      return pairs.reduce(0.0) { sum, pair in
        sum + (pair.1.map { Double(amount(pair.0, $0)) } ?? 0)
      } / length
    }
    func part(of phase: TaskPhase) -> Double {
      part { window, task in
        task.phases.filter { $0.phase == phase }.reduce(0) { sum, phase in
          sum + max(0, phase.start + phase.length - max(phase.start, window.start))
        }
      }
    }
    self.method = method
    self.deviceClass = deviceClass
    rounds = pairs.count
    seconds = length / 1e9
    share = total > 0 ? length / total : 0
    before = part { window, task in max(0, task.start - window.start) }
    download = part(of: .download)
    training = part(of: .train)
    upload = part(of: .upload)
  }
}
