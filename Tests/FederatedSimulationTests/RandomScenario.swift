import Randomness

/// Random timing-only scenarios that vary when tasks begin and how they end.
enum RandomScenario {
  /// Independent random overrides of `CostSumTests.text`.
  static func overrides(_ seed: Int) -> [String] {
    var random = RandomStream(seed: UInt64(seed), purpose: "random scenarios")
    func one(_ choices: String...) -> String { choices[random.integer(below: choices.count)] }
    var overrides = ["seed=\(seed)", "server.rounds=\(2 + random.integer(below: 6))"]
    overrides.append("server.cohort=\(1 + random.integer(below: 6))")
    let isAsynchronous = random.uniform() < 0.4
    if isAsynchronous {
      let (tasks, buffer) = (1 + random.integer(below: 12), 1 + random.integer(below: 5))
      overrides.append(
        one(
          "server.strategy={kind: fedasync, concurrency: \(tasks), most_stale: 3}",
          "server.strategy={kind: fedbuff, buffer: \(buffer), concurrency: \(tasks)}"
        ))
    } else {
      let (late, overSelection) = (random.uniform() < 0.4, 1 + random.integer(below: 3))
      let (hasDeadline, deadline) = (random.uniform() < 0.5, 500 + random.integer(below: 6_000))
      if hasDeadline { overrides.append("server.deadline=\(deadline) ms") }
      if overSelection > 1 { overrides.append("server.over_selection=\(overSelection)") }
      if late, hasDeadline || overSelection > 1 { overrides.append("server.late=kept") }
      if hasDeadline, random.uniform() < 0.3 { overrides.append("server.round_end=deadline") }
      if !late, random.uniform() < 0.3 {
        overrides.append("methods[0].aggregation=" + one("average", "ffa", "stacking", "fedex"))
      }
    }
    overrides.append(
      "server.selection="
        + one("random", "available", "samples", "resources"))
    for direction in ["download", "upload"] where random.uniform() < 0.5 {
      overrides.append("server.\(direction)=\(100 + random.integer(below: 4_000)) kbps")
    }
    overrides.append("server.handshakes=\(random.integer(below: 4))")
    overrides.append("server.compression=" + one("none", "none", "int8", "sign"))
    let base = isAsynchronous ? "preinstalled" : one("preinstalled", "once", "every_round")
    overrides.append("fleet.base_download=\(base)")
    overrides.append(
      "fleet.availability="
        + one(
          "{kind: always}", "{kind: always}", "{kind: sessions, every: 7 s, length: 2 s}",
          "{kind: sessions, every: 6 s, length: 3 s}",
          "{kind: sessions, every: 40 s, length: { uniform: { low: 1 s, high: 30 s } }}"))
    // An asynchronous server continues until it has enough updates.
    overrides.append("fleet.interruption=" + (isAsynchronous ? "pause" : one("pause", "fail")))
    for name in ["fast", "slow", "small"] {
      let dropout = isAsynchronous ? one("0", "0", "0.3") : one("0", "0", "0.3", "1")
      overrides.append("fleet.classes.\(name).dropout=\(dropout)")
      let hazard = isAsynchronous ? one("0", "300") : one("0", "300", "3000")
      overrides.append(
        "fleet.classes.\(name).hazard={ download: \(hazard), training: \(hazard), upload: \(hazard) }"
      )
      overrides.append("fleet.classes.\(name).jitter=" + one("0 ms", "0 ms", "300 ms"))
      if random.uniform() < 0.3 {
        overrides.append("fleet.classes.\(name).heat={ after: 300 ms, speed: 0.4 }")
      }
    }
    if random.uniform() < 0.2 {
      overrides.append("fleet.classes.fast.battery={ capacity: 12 J, reserve: 0.1 }")
    }
    if random.uniform() < 0.2 { overrides.append("fleet.classes.small.memory=1 kB") }
    overrides.append(
      "server.transport="
        + one("fluid", "tcp", "tcp", "{kind: tcp, loss: 2 %, sharing: inverse-rtt}"))
    if random.uniform() < 0.3 {
      overrides.append("server.protocol={overhead: 300 B, overhead_up: 900 B, overhead_share: 0.1}")
    }
    overrides.append("evaluation.every=\(1 + random.integer(below: 3))")
    return overrides
  }
}
