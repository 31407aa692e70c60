import Fleet

/// What a task asks of a device's memory.
package struct TaskNeed: Codable, Sendable {
  /// How the device would run the task.
  package let setup: TaskSetup
  package let samples: Int
  /// The most memory that it would hold, whether or not the device has it.
  package let peak: ByteCount

  package init(setup: TaskSetup, samples: Int, peak: ByteCount) {
    self.setup = setup
    self.samples = samples
    self.peak = peak
  }
}
