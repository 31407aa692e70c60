import Fleet

/// The memory requirement of a task on a device.
package struct TaskNeed: Codable, Sendable {
  /// How the device would execute the task.
  package let setup: TaskSetup
  package let samples: Int
  /// The peak memory that the task needs, whether or not the device has it.
  package let peak: ByteCount

  package init(setup: TaskSetup, samples: Int, peak: ByteCount) {
    self.setup = setup
    self.samples = samples
    self.peak = peak
  }
}
