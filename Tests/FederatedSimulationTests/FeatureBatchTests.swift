import Adaptation
import CKernels
import Foundation
import Tensors
import Testing

@testable import FederatedSimulation

/// Batching of image features.
struct FeatureBatchTests {
  @Test(arguments: [[5], Array(0..<64), [0, 16, 32, 1], Array(stride(from: 3, to: 999, by: 7))])
  func `batches cover each sample once`(samples: [Int]) {
    let batches = FeatureBatch.covering(samples, fixedRows: false)
    #expect(batches.flatMap(\.samples) == samples)
    #expect(batches.dropLast().allSatisfy { $0.samples.count == FeatureBatch.size })
  }

  @Test(arguments: [[5], Array(0..<64), [0, 16, 32, 1], Array(stride(from: 3, to: 999, by: 7))])
  func `batches with fixed rows cover each sample once, at its position`(samples: [Int]) {
    let batches = FeatureBatch.covering(samples, fixedRows: true)
    #expect(batches.flatMap(\.samples).sorted() == samples.sorted())
    for batch in batches {
      let places = batch.samples.map { $0 % FeatureBatch.size }
      #expect(zip(places, places.dropFirst()).allSatisfy(<))
    }
  }

  @Test func `zero samples give no batch`() {
    #expect(FeatureBatch.covering([], fixedRows: false).isEmpty)
    #expect(FeatureBatch.covering([], fixedRows: true).isEmpty)
  }

  @Test func `the bits of an image's features do not depend on other images`() throws {
    try Self.expectSameBits()
  }

  #if !canImport(Accelerate)
    /// In a separate process, because the kernels are process-wide.
    @Test func `they do not depend on other images with lower levels' kernels either`() async {
      await #expect(processExitsWith: .success) {
        for level in ["baseline", "avx2"] where flora_kernels_use(level) {
          try Self.expectSameBits()
        }
      }
    }
  #endif

  private static func expectSameBits() throws {
    BLAS.useOneThreadPerCall()
    let experiment = try Experiment(ScenarioText.scenario())
    let (images, model, context) = (experiment.images, experiment.model, ComputeContext())
    let width = model.configuration.projectionWidth
    func features(_ samples: [Int], fixedRows: Bool) -> FrozenFeatures {
      var features = FrozenFeatures(width: width, population: images.dataset.count)
      for batch in FeatureBatch.covering(samples, fixedRows: fixedRows) {
        features.append(batch.features(images, model, context), of: batch.samples)
      }
      return features
    }
    let all = features(Array(0..<300), fixedRows: true)
    for some in [[7], [299, 3, 19], Array(stride(from: 1, to: 300, by: 13)), Array(100..<140)] {
      for fixedRows in BLAS.rowsAreIndependent ? [true, false] : [true] {
        let alone = features(some, fixedRows: fixedRows)
        for sample in some {
          #expect(
            alone[sample].map(\.bitPattern) == all[sample].map(\.bitPattern), "\(BLAS.kernels)")
        }
      }
    }
  }
}
