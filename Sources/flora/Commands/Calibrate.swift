import ArgumentParser
import Fleet
import Tensors

struct Calibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this machine's compute rate and memory bandwidth as keys of a device class.",
    discussion: """
      Runs matrix products of ViT-B/32's size and elementwise passes over memory with this package's \
      kernels, on all workers at once, for about six seconds, and prints the median of five measurements \
      of each, with the lowest and the highest. Other programs that run meanwhile lower them.
      """)

  @OptionGroup var workers: WorkersArgument

  func run() throws {
    try workers.reserve()
    let rates = MachineRates(workers: workers.count)
    print(
      """
      # float32, \(workers.count) \(workers.count == 1 ? "worker" : "workers"): the median of five measurements
      compute: \(line(rates.compute, ComputeRate.self))
      memory_bandwidth: \(line(rates.memoryBandwidth, MemoryBandwidth.self))
      """)
  }

  private func line<Quantity: WholeQuantity>(
    _ rate: MachineRates.Rate, _ quantity: Quantity.Type
  ) -> String {
    func text(_ value: Double) -> String {
      quantity.init(magnitude: value).map { "\($0)" } ?? "\(value)"
    }
    return
      "\(text(rate.median))   # \(text(rate.range.lowerBound)) to \(text(rate.range.upperBound))"
  }
}
