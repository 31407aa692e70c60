import CLIP
import Randomness
import Tensors

/// A bottleneck on image features, mixed with them (CLIP-Adapter, arXiv 2110.04544; "FedCA" in
/// arXiv 2404.15182).
///
/// With x the image feature from the vision tower, y = 0.2 relu(W2 relu(W1 x)) + 0.8 x replaces x
/// in the comparison with the prompts, with the scenario's loss. As in the paper's published code,
/// the bottleneck takes x before normalisation, has no bias and a ReLU after both layers, and y is
/// normalised afterwards. W1 [projection / 4, projection] and W2 [projection, projection / 4] are
/// initialised like PyTorch's linear layers, uniform within ±1/√inputs, so that the initial
/// predictions are close to the base's but not equal.
///
/// A `reference` step runs both frozen towers, on the images and on one prompt per image; a
/// `cached` step reads cached features of both.
package struct BottleneckMethod: AdaptationMethod {
  package let trainable: ParameterLayout
  /// The share of the bottleneck's output in the result.
  private static let ratio: Float = 0.2
  private static let reduction = 4

  package init(_ configuration: CLIPConfiguration) {
    let width = configuration.projectionWidth
    let inner = width / Self.reduction
    var layout = ParameterLayout()
    layout.append("image_adapter.fc1.weight", [inner, width])
    layout.append("image_adapter.fc2.weight", [width, inner])
    trainable = layout
  }

  package func initialParameters(of model: CLIPModel, seed: UInt64) -> [Float] {
    var stream = RandomStream(seed: seed, purpose: "bottleneck-start")
    return trainable.entries.flatMap { entry in
      let bound = 1 / Double(entry.shape[1]).squareRoot()
      return (0..<entry.count).map { _ in Float(bound * (2 * stream.uniform() - 1)) }
    }
  }

  package func attachments(_ own: [Parameter]) -> Attachments {
    func layer(_ index: Int) -> Linear {
      let shape = trainable.entries[index].shape
      return Linear(inputs: shape[1], outputs: shape[0], weight: own[index], bias: nil)
    }
    return Attachments(
      imageAdapter: Bottleneck(first: layer(0), second: layer(1), ratio: Self.ratio))
  }
}

/// y = ratio relu(W2 relu(W1 x)) + (1 - ratio) x
private struct Bottleneck: ImageAdapter {
  let first: Linear
  let second: Linear
  let ratio: Float

  var isTrained: Bool { first.isTrained || second.isTrained }

  func forward(
    _ x: Matrix, recording: Bool, _ context: ComputeContext
  ) -> (y: Matrix, tape: [Matrix]) {
    let (hidden, _) = first.forward(x, context)
    context.rectify(hidden)
    let (output, _) = second.forward(hidden, context)
    context.rectify(output)
    let y = context.mix(output, x, ratio: ratio)
    if recording { return (y, [x, hidden, output]) }
    for matrix in [x, hidden, output] { matrix.recycle() }
    return (y, [])
  }

  func backward(_ dy: Matrix, _ tape: [Matrix], _ context: ComputeContext) {
    let (x, hidden, output) = (tape[0], tape[1], tape[2])
    context.rectifyBackward(dy, output: output, scale: ratio)
    output.recycle()
    let dHidden = context.matrix(hidden.rows, hidden.columns)
    second.backward(dy, input: hidden, saved: nil, into: dHidden, context)
    context.rectifyBackward(dHidden, output: hidden)
    hidden.recycle()
    first.backward(dHidden, input: x, saved: nil, into: nil, context)
    dHidden.recycle()
    x.recycle()
  }

  func forward(_ x: StepBuilder.Value, rows: Int, in step: inout StepBuilder) -> StepBuilder.Value {
    var last = x
    for layer in [first, second] {
      let next = step.linear(last, layer, rows: rows)
      if last != x { step.release(last) }
      last = step.run(.relu, alike: next)
      step.release(next)
    }
    let mixed = step.run(.scale, alike: last)
    step.release(last)
    let rest = step.run(.scale, alike: x)
    let result = step.run(.add, alike: mixed, rest)
    step.release(mixed, rest)
    return result
  }
}
