import CLIP
import Tensors
import TestSupport
import Testing

@testable import Adaptation

/// Cached features compared with those of the tower.
struct FrozenFeaturesTests {
  @Test func `cached features equal the tower's, normalized or not`() throws {
    let training = try TinyTraining(.gate)
    let (model, context) = (training.model, ComputeContext())
    let samples = [7, 0, 3]
    let tower = VisionTower(model.parameters, model.configuration, model.table)
    // The products of all images at once, as the features were computed.
    let all = tower.forward(
      training.images.pixels(Array(0..<10), context), recording: false, context
    ).features
    let raw = context.gather(all, samples.map(Int32.init)).elements
    let kept = training.features.gatherRaw(samples, context).elements
    #expect(relativeError(kept, raw) < 1e-6)
    let unit = UnitRows(normalizing: all, context)
    let expected = context.gather(unit.rows, samples.map(Int32.init)).elements
    #expect(training.features.gather(samples, context).elements == expected)
    #expect(relativeError(kept, expected) > 0.1, "the tower's features are not of unit length")
  }
}
