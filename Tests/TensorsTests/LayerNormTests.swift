import TestSupport
import Testing

@testable import Tensors

/// Layer normalisation compared with its definition in double precision.
struct LayerNormTests {
  @Test(arguments: Shape.all)
  func `every row is normalised, scaled and shifted`(shape: Shape) {
    let sample = LayerNormSample(shape)
    let (y, statistics) = sample.forward()
    #expect(relativeError(y, sample.expected) < 1e-6)
    func column(_ index: Int) -> [Float] {
      (0..<shape.rows).map { statistics[2 * $0 + index] }
    }
    #expect(relativeError(column(0), sample.means) < 1e-6)
    #expect(relativeError(column(1), sample.reciprocalDeviations) < 1e-6)
  }

  @Test(arguments: Shape.all, [false, true])
  func `the input's gradient is written or added`(shape: Shape, accumulating: Bool) {
    let sample = LayerNormSample(shape)
    let before = randomNumbers(shape.count, seed: 5)
    let result = sample.backward(dx: before, accumulating: accumulating)
    let expected = zip(sample.inputGradient, before).map { $0 + (accumulating ? Double($1) : 0) }
    #expect(relativeError(result.dx!, expected, scale: sample.largestTerm) < 1e-6)
  }

  @Test(arguments: Shape.all)
  func `the gradients of weight and bias are added`(shape: Shape) {
    let sample = LayerNormSample(shape)
    let before = randomNumbers(shape.columns, seed: 6)
    let result = sample.backward(dWeight: before, dBias: before)
    #expect(
      relativeError(result.dWeight!, zip(sample.weightGradient, before).map { $0 + Double($1) })
        < 1e-6)
    #expect(
      relativeError(result.dBias!, zip(sample.biasGradient, before).map { $0 + Double($1) }) < 1e-6)
  }

  @Test func `each gradient can be omitted without changing the others`() {
    let sample = LayerNormSample(Shape(rows: 4, columns: 17))
    let zeros = [Float](repeating: 0, count: 17)
    let dx = [Float](repeating: 0, count: 4 * 17)
    let whole = sample.backward(dx: dx, dWeight: zeros, dBias: zeros)
    #expect(sample.backward(dx: dx).dx == whole.dx)
    #expect(sample.backward(dWeight: zeros).dWeight == whole.dWeight)
    #expect(sample.backward(dBias: zeros).dBias == whole.dBias)
  }
}
