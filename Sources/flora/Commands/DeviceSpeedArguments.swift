import Adaptation
import ArgumentParser
import Configuration
import DeviceTasks
import EventSimulation
import Fleet

/// The speed of the device whose steps a command times, with the keys of a scenario's device class.
struct DeviceSpeedArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The device's matrix-product rate, such as '60 GFLOPS'; adds the seconds of a step.",
      valueName: "rate"))
  var compute: String?

  @Option(
    help: ArgumentHelp("The device's memory bandwidth, such as '20 GB/s'.", valueName: "bandwidth"))
  var memoryBandwidth: String?

  @Option(
    help: ArgumentHelp("Overhead of each kernel, such as '8 us'.", valueName: "time"))
  var kernelOverhead: String?

  func validate() throws {
    guard compute != nil || memoryBandwidth == nil && kernelOverhead == nil else {
      throw ValidationError("--memory-bandwidth and --kernel-overhead need --compute.")
    }
    _ = try seconds()
  }

  /// A function for the training time in seconds; nil if no speed is given.
  func seconds() throws -> ((TrainingCost) -> Double)? {
    guard let compute else { return nil }
    let rate = try quantity(compute, ComputeRate.self, "--compute")
    let bandwidth = try memoryBandwidth.map {
      try quantity($0, MemoryBandwidth.self, "--memory-bandwidth")
    }
    let overhead = try kernelOverhead.map {
      try quantity($0, SimulationDuration.self, "--kernel-overhead")
    }
    return { training in
      (rate.duration(of: FLOPCount(training.flops))
        + training.stall(rate, bandwidth, overhead: overhead ?? .zero)).seconds
    }
  }

  private func quantity<Value: Quantity>(
    _ text: String, _ type: Value.Type, _ option: String
  ) throws -> Value {
    guard let value = Value(text: text) else {
      throw ValidationError(
        "\(option) takes \(Value.noun) such as '\(Value.example)', not '\(text)'.")
    }
    return value
  }
}
