import CLIP
import Tensors
import Testing

@testable import Adaptation

/// The runtimes' memory compared with PyTorch's, with hand calculations, and with each other.
struct RuntimeMemoryTests {
  /// Checks all rows of a file, which has more than `count`.
  @Test(arguments: [("live.csv", 500), ("allocator.csv", 90)])
  func `every measured step is modelled within 0.1 %`(file: String, count: Int) throws {
    let steps = try MeasuredStep.all("memory/\(file)")
    #expect(steps.count > count)
    var bases: [String: MeasuredBase] = [:]
    for step in steps {
      let peak = step.costs(&bases).peakBytes(samples: step.batch)
      let error = Double(peak) / Double(step.values[0]) - 1
      #expect(abs(error) < 0.001, "\(step): \(100 * error) %")
    }
  }

  /// Mixed precision, stored weights, checkpointing, micro-batches, and combinations of them.
  @Test func `every measured technique is modelled within 3 %`() throws {
    let steps = try MeasuredStep.all("memory/techniques.csv")
    #expect(steps.count > 100)
    var bases: [String: MeasuredBase] = [:]
    for step in steps {
      let costs = step.costs(&bases)
      let peak = costs.peakBytes(samples: step.batch)
      let error = Double(peak) / Double(step.values[0]) - 1
      #expect(abs(error) < 0.03, "\(step): \(100 * error) %")
      let flops = costs.step(StepShape(images: step.batch, classes: [])).flops
      // PyTorch also counts the recomputed scores of fused attention in the backward pass.
      if step.runtime == .pytorch { #expect(flops == step.values[1], "\(step)") }
    }
  }

  /// y = W x + b, z = 2 y, and the loss of z, with a trained weight of 40 bytes; x is of the batch.
  private var small: StepProgram {
    var program = StepProgram()
    let x = program.input(bytes: 100)
    let y = program.run(.linear, [x], bytes: 200, parameters: [.init(bytes: 40, multiplies: true)])
    let z = program.run(.scale, [y], bytes: 200)
    program.release(y)
    _ = program.run(.crossEntropy, [z], bytes: 4, statistics: 200)
    program.release(z)
    return program
  }

  @Test func `PyTorch allocates a tensor for every result and every gradient`() {
    // Forward: y 200, z 200, y freed, the loss 4 and its log-probabilities 200, z freed: 204.
    // Backward of the loss: its gradient 4, existing log-probabilities 200, dz 200, temporary 200:
    // 608, then loss 4, dz 200. Of the scale: dy 200: 404. Of the layer: dW 40.
    let peak = StepMemory(small, .pytorch, recording: true).peak
    #expect(peak == 204 + 4 + 200 + 200)
  }

  @Test func `a planned program reuses the memory of dead values`() {
    // Forward: y 200 and z over it, the loss 4 and its log-probabilities 200: 404, z and the loss
    // freed: 200. Backward of the loss: its gradient 4, dz 200: 404. dy over dz; dW 40: 240.
    let peak = StepMemory(small, .planned, recording: true).peak
    #expect(peak == 404)
  }

  @Test func `nothing is kept without a backward pass`() {
    // y 200, z 200; y freed, the loss 4, log-probabilities 200.
    #expect(StepMemory(small, .pytorch, recording: false).peak == 404)
  }

  @Test(arguments: TinyMethod.allCases, ExecutionPlan.allCases)
  func `a static plan holds no more than PyTorch with either attention`(
    method: TinyMethod, plan: ExecutionPlan
  ) throws {
    let training = try TinyTraining(method)
    for batch in [1, 3, 10] {
      for kind in [Optimizer.Kind.adam, .adamw, .sgd] {
        let peaks = [DeviceRuntime.planned, .pytorchSDPA, .pytorch].map {
          training.costs(
            plan, optimizer: Optimizer(kind: kind), batchSize: batch, runtime: $0
          ).peakBytes(labels: TinyTraining.labels.map(Int.init))
        }
        #expect(peaks[0] <= peaks[1] && peaks[0] <= peaks[2])
      }
    }
  }

  /// With few tokens, fused attention may hold more: it saves its result, eager attention its scores.
  @Test func `on ViT-B/32 a static plan holds the least, and eager attention the most`() {
    let base = MeasuredBase("vit-b-32")
    for name in ["flora", "fedfft", "fedaa", "fedprompt", "fedvmlc"] {
      let adapted = AdaptedModel(base.model, base.method(name))
      for plan in ExecutionPlan.allCases {
        let peaks = [DeviceRuntime.planned, .pytorchSDPA, .pytorch].map {
          CostModel(adapted, LocalTraining(), prompts: base.prompts, plan: plan, runtime: $0)
            .peakBytes(labels: (0..<128).map { $0 % 10 })
        }
        #expect(peaks[0] <= peaks[1] && peaks[1] <= peaks[2])
      }
    }
  }

  @Test(arguments: TinyMethod.allCases, DeviceRuntime.allCases)
  func `a larger batch never reduces a step's memory`(
    method: TinyMethod, runtime: DeviceRuntime
  ) throws {
    let training = try TinyTraining(method)
    for loss in Loss.allCases {
      let peaks = (1...40).map {
        training.costs(.reference, loss: loss, runtime: runtime)
          .step(StepShape(images: $0, classes: [])).peakBytes
      }
      #expect(zip(peaks, peaks.dropFirst()).allSatisfy(<=))
    }
  }

  @Test func `the default runtime of a plan is that of the code that runs it`() throws {
    let training = try TinyTraining(.textLoRA)
    for (plan, runtime) in [(ExecutionPlan.reference, DeviceRuntime.pytorch), (.cached, .engine)] {
      let unnamed = CostModel(
        training.adapted, LocalTraining(batchSize: 4), prompts: training.prompts, plan: plan)
      let named = training.costs(plan, runtime: runtime)
      let labels = TinyTraining.labels.map(Int.init)
      #expect(unnamed.peakBytes(labels: labels) == named.peakBytes(labels: labels))
    }
  }

  @Test func `the runtime does not change the operations`() throws {
    for method in TinyMethod.allCases {
      for plan in ExecutionPlan.allCases {
        let flops = try DeviceRuntime.allCases.map {
          try TinyTraining(method).costs(plan, runtime: $0)
            .training(batches: [[0, 1, 2, 1]], preparing: true).flops
        }
        #expect(Set(flops).count == 1)
      }
    }
  }
}
