import Tensors
import Testing

@testable import Adaptation

/// The runtimes' kernels compared with those that PyTorch dispatches (`scripts/kernel-oracle`).
struct RuntimeKernelTests {
  /// Operations per byte of memory traffic of the device.
  private static let balances = [2, 8, 32]

  @Test func `kernels match PyTorch's operations, and its bytes within 1 %`() throws {
    let steps = try MeasuredStep.all("time/kernels.csv")
    #expect(steps.count >= 240)
    var bases: [String: MeasuredBase] = [:]
    for step in steps {
      let cost = step.costs(&bases).step(StepShape(images: step.batch, classes: []))
      let roofline = cost.roofline
      #expect(roofline.flops == cost.flops, "\(step)")
      // PyTorch also counts the recomputed scores of fused attention in the backward pass.
      if step.runtime == .pytorch { #expect(cost.flops == step.values[1], "\(step)") }
      expectClose(roofline.bytes, step.values[2], 0.01, step)
      for (balance, measured) in zip(Self.balances, step.values[3...]) {
        expectClose(roofline.waitingBytes(rate: balance, bandwidth: 1), measured, 0.01, step)
      }
      // The model omits kernels on a few numbers: masks, counters, scalars.
      #expect(roofline.kernels <= step.values[0])
      expectClose(roofline.kernels, step.values[0], 0.12, step)
    }
  }

  private func expectClose(_ model: Int, _ measured: Int, _ tolerance: Double, _ step: MeasuredStep)
  {
    #expect(
      abs(Double(model) - Double(measured)) <= tolerance * Double(measured),
      "\(step): \(model) for \(measured)")
  }

  /// At 4 operations and 2 bytes per second, the product of 100 operations and 40 bytes takes 25 s, for which
  /// its bytes would need 20; the pass of 60 bytes 30 s; the product of 8 operations and 24 bytes 12 s, of
  /// which its operations are 2. Twice, once and once: 60 + 2 * (24 - 4) bytes are memory-bound.
  @Test func `kernels take the maximum of their compute and memory times`() {
    var tally = KernelTally()
    tally.add(KernelWork(flops: 100, bytes: 40), times: 3)
    tally.add(KernelWork(flops: 0, bytes: 60))
    tally.add(KernelWork(flops: 8, bytes: 24), times: 2)
    let roofline = Roofline(tally)
    #expect(roofline.waitingBytes(rate: 4, bandwidth: 2) == 60 + 2 * (24 - 4))
    #expect(roofline.kernels == 6 && roofline.flops == 316 && roofline.bytes == 228)
    // The lowest bandwidth limits all kernels; the highest only those that compute nothing.
    #expect(roofline.waitingBytes(rate: 1_000_000_000, bandwidth: 1) == 228)
    #expect(roofline.waitingBytes(rate: 1, bandwidth: 1_000_000_000) == 60)
    #expect(Roofline(KernelTally()).waitingBytes(rate: 1, bandwidth: 1) == 0)
  }

  @Test func `the bisection equals a sum over all kernels`() {
    var tally = KernelTally()
    for index in 1...200 {
      tally.add(
        KernelWork(flops: index * index % 97 * 1000, bytes: 1 + index * 31 % 89),
        times: index % 3 + 1)
    }
    let roofline = Roofline(tally)
    for rate in [1, 7, 1000, 12_345, 99_999_999] {
      for bandwidth in [1, 3, 50, 7919] {
        let waited = tally.counts.reduce(0.0) { sum, kernel in
          let bytes = Double(kernel.key.bytes)
          let moved = Double(kernel.key.flops) * Double(bandwidth) / Double(rate)
          return sum + Double(kernel.value) * max(0, bytes - moved)
        }
        let found = Double(roofline.waitingBytes(rate: rate, bandwidth: bandwidth))
        #expect(abs(found - waited) <= 1)
      }
    }
  }

  @Test(arguments: TinyMethod.allCases, ExecutionPlan.allCases)
  func `fewer and larger kernels are less bandwidth-limited`(
    method: TinyMethod, plan: ExecutionPlan
  ) throws {
    let training = try TinyTraining(method)
    let waits = [DeviceRuntime.planned, .pytorch].map {
      let cost = training.costs(plan, batchSize: 5, runtime: $0)
        .training(batches: [TinyTraining.labels.prefix(5).map(Int.init)], preparing: true)
      return (cost.waitingBytes(rate: 8, bandwidth: 1), cost.kernels)
    }
    #expect(waits[0].0 <= waits[1].0 && waits[0].1 <= waits[1].1)
  }
}
