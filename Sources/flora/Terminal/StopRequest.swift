import Results
import Synchronization

/// A stop request from the terminal to the run.
final class StopRequest: StopSignal {
  private let number = Atomic<Int32>(0)
  private let isListening = Atomic<Bool>(false)
  private let isUnderstood = Atomic<Bool>(false)

  /// The number of the received signal; 0 if none.
  var signal: Int32 { number.load(ordering: .relaxed) }

  var isRequested: Bool { number.load(ordering: .relaxed) != 0 }

  /// Whether the run has acknowledged the request.
  var isAnswered: Bool { isUnderstood.load(ordering: .relaxed) }

  func listen(_ isListening: Bool) { self.isListening.store(isListening, ordering: .relaxed) }

  func answer() { isUnderstood.store(true, ordering: .relaxed) }

  /// - Returns: whether the run is listening, and had not been asked before.
  func request(_ signal: Int32) -> Bool {
    isListening.load(ordering: .relaxed)
      && number.compareExchange(expected: 0, desired: signal, ordering: .relaxed).exchanged
  }
}
