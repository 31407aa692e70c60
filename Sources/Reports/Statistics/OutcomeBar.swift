/// The tasks of a method on one device class.
struct OutcomeBar {
  let method: String
  let deviceClass: String
  private let tally: TaskTally

  /// Nil if there are none.
  init?(_ method: RunResults.Method, _ deviceClass: String) {
    guard let tally = method.tally else { return nil }
    self.method = method.name
    self.deviceClass = deviceClass
    self.tally = tally
    if tasks == 0 { return nil }
  }

  var tasks: Int { Outcome.allCases.reduce(0) { $0 + sum($1).tasks } }

  func sum(_ outcome: Outcome) -> TaskTally.Sum {
    tally.groups[.init(deviceClass: deviceClass, outcome: outcome)] ?? .init()
  }
}
