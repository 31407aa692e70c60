@testable import Federation

/// A candidate with explicit properties.
struct TestDevice: SelectionCandidate {
  let id: Int
  var samples = 10
  var deviceClass = 0
  var estimatedSeconds = 1.0
  var fitsMemory = true
}
