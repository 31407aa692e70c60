import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// How peak memory depends on the method and its settings.
struct PeakMemoryTests {
  private let labels = [0, 2, 1, 1, 0, 2, 2, 1, 0, 1]

  @Test(arguments: ExecutionPlan.allCases, DeviceRuntime.allCases)
  func `training more parameters needs more memory`(plan: ExecutionPlan, runtime: DeviceRuntime)
    throws
  {
    let peaks = try [TinyMethod.textLoRA, .loraOfBoth, .full].map {
      try TinyTraining($0).costs(plan, runtime: runtime).peakBytes(labels: labels)
    }
    #expect(peaks[0] < peaks[1])
    #expect(peaks[1] < peaks[2])
  }

  @Test(arguments: TinyMethod.allCases)
  func `Adam holds two more numbers per trained parameter than gradient descent`(method: TinyMethod)
    throws
  {
    let training = try TinyTraining(method)
    let shape = StepShape(images: 4, classes: [0, 1])
    let peaks = [Optimizer.Kind.adam, .adamw, .sgd].map {
      training.costs(.reference, optimizer: Optimizer(kind: $0)).step(shape).peakBytes
    }
    #expect(peaks[0] == peaks[1])
    #expect(peaks[0] == peaks[2] + 8 * training.adapted.method.trainable.count)
  }

  @Test(arguments: TinyMethod.allCases, DeviceRuntime.allCases)
  func `larger batches need more memory, up to the number of samples`(
    method: TinyMethod, runtime: DeviceRuntime
  ) throws {
    let training = try TinyTraining(method)
    for plan in ExecutionPlan.allCases {
      let peaks = (1...12).map {
        training.costs(plan, batchSize: $0, runtime: runtime).peakBytes(labels: labels)
      }
      #expect(zip(peaks, peaks.dropFirst()).allSatisfy(<=))
      #expect(peaks[0] < peaks[9])
      #expect(peaks[9] == peaks[10] && peaks[10] == peaks[11])
    }
  }

  @Test func `the cached plan holds one feature per sample in addition to its steps`() throws {
    let training = try TinyTraining(.textLoRA)
    let costs = training.costs(.cached, batchSize: 4)
    let step = costs.step(StepShape(images: 4, classes: [0, 1, 2])).peakBytes
    let preparation = costs.preparation(samples: 10).peakBytes
    #expect(costs.peakBytes(labels: labels) == max(step, preparation) + 10 * 20 * 4)
  }

  @Test func `the payload is four bytes per trained parameter of ViT-B/32`() {
    let flora = LoRAMethod(.vitB32, tower: .text, modules: [.output], rank: 2, alpha: 32)
    #expect(flora.trainable.count == 24_576)
    #expect(flora.payloadBytes == 98_304)
    let full = FineTuning(.vitB32)
    #expect(full.trainable.count == 151_277_312)
    #expect(full.payloadBytes == 605_109_248)
    #expect(full.payloadBytes / flora.payloadBytes == 6155)
  }

  @Test func `the other methods have the papers' parameter counts on ViT-B/32`() {
    let prompts = ClassPrompts(
      (0..<10).map { [49406, 320, 1125, 539, 320, 1000 + $0, 269, 49407] }, .vitB32)
    let methods = StandardMethods.all(.vitB32, prompts: prompts)
    let counts = Dictionary(uniqueKeysWithValues: methods.map { ($0, $1.trainable.count) })
    #expect(counts["fedlc"] == 5130)
    #expect(counts["fedvmlc"] == 87_456_000 + 5130)
    #expect(counts["fedaa"] == 525_312)
    #expect(counts["fedca"] == 131_072)
    #expect(counts["fedprompt"] == 4 * 512)
    // Two vectors of 768; 26 norms of 512 to 768: (2 x 12 + 1) x 2 x 512 and (2 x 12 + 2) x 2 x 768.
    #expect(counts["norm, vision pre"] == 2 * 768)
    #expect(counts["norm, both towers"] == 25 * 2 * 512 + 26 * 2 * 768)
    #expect(counts["bias, both towers"] == 25 * 512 + 26 * 768 + 12 * 9 * (512 + 768))
    #expect(counts["ia3, text"] == 12 * (512 + 512 + 2048))
    #expect(counts["dora, text out_proj"] == 24_576 + 12 * 512)
    #expect(counts["vpt, shallow"] == 8 * 768)
    #expect(counts["vpt, deep"] == 12 * 8 * 768)
    #expect(methods.allSatisfy { $1.payloadBytes == 4 * $1.trainable.count })
  }
}
