import Fleet

extension TaskWork {
  /// The bytes or operations of a phase.
  package func amount(of phase: TaskPhase) -> Int {
    switch phase {
    case .download: download.bytes
    case .training: training.operations
    case .upload: upload.bytes
    }
  }

  /// A copy with additional bytes or operations in a phase.
  package func adding(_ amount: Int, to phase: TaskPhase) -> TaskWork {
    var sum = self
    switch phase {
    case .download: sum.download += ByteCount(amount)
    case .training: sum.training += FLOPCount(amount)
    case .upload: sum.upload += ByteCount(amount)
    }
    return sum
  }
}
