import CLIP
import Tensors

/// An attention gate on image features (FedCLIP, arXiv 2302.13485; "FedAA" in arXiv 2404.15182).
///
/// With x the image feature from the vision tower, y = softmax(W2 tanh(W1 x + b1) + b2) x, element
/// by element, replaces x in the comparison with the prompts, with the scenario's loss. As in both
/// papers' published code, the gate takes x before normalisation, and y is normalised afterwards.
/// W1 and W2 [projection, projection] are initialised with the identity and b1, b2 with zero. That
/// gate weights features by their own softmax, so the initial predictions are close to the base's
/// but not equal.
///
/// A `reference` step runs both frozen towers, on the images and on one prompt per image; a
/// `cached` step reads cached features of both.
package struct GateMethod: AdaptationMethod {
  package let trainable: ParameterLayout
  private let width: Int

  package init(_ configuration: CLIPConfiguration) {
    width = configuration.projectionWidth
    var layout = ParameterLayout()
    for layer in ["fc1", "fc2"] {
      layout.append("image_gate.\(layer).weight", [width, width])
      layout.append("image_gate.\(layer).bias", [width])
    }
    trainable = layout
  }

  package func initialParameters(of model: CLIPModel, seed: UInt64) -> [Float] {
    var vector = [Float](repeating: 0, count: trainable.count)
    for entry in trainable.entries where entry.shape.count == 2 {
      for index in 0..<width { vector[entry.offset + index * (width + 1)] = 1 }
    }
    return vector
  }

  package func attachments(_ own: [Parameter]) -> Attachments {
    func layer(_ weight: Parameter, _ bias: Parameter) -> Linear {
      Linear(inputs: width, outputs: width, weight: weight, bias: bias)
    }
    return Attachments(
      imageAdapter: Gate(first: layer(own[0], own[1]), second: layer(own[2], own[3])))
  }
}

/// y = softmax(W2 tanh(W1 x + b1) + b2) x
private struct Gate: ImageAdapter {
  let first: Linear
  let second: Linear

  var isTrained: Bool { first.isTrained || second.isTrained }

  func forward(
    _ x: Matrix, recording: Bool, _ context: ComputeContext
  ) -> (y: Matrix, tape: [Matrix]) {
    let (hidden, _) = first.forward(x, context)
    context.tanh(hidden)
    let (gate, _) = second.forward(hidden, context)
    let y = context.gate(x, by: gate)
    if recording { return (y, [x, hidden, gate]) }
    for matrix in [x, hidden, gate] { matrix.recycle() }
    return (y, [])
  }

  func backward(_ dy: Matrix, _ tape: [Matrix], _ context: ComputeContext) {
    let (x, hidden, gate) = (tape[0], tape[1], tape[2])
    context.gateBackward(dy, gate: gate, input: x)
    gate.recycle()
    let dHidden = context.matrix(hidden.rows, hidden.columns)
    second.backward(dy, input: hidden, saved: nil, into: dHidden, context)
    context.tanhBackward(dHidden, output: hidden)
    hidden.recycle()
    first.backward(dHidden, input: x, saved: nil, into: nil, context)
    dHidden.recycle()
    x.recycle()
  }

  func forward(_ x: StepBuilder.Value, rows: Int, in step: inout StepBuilder) -> StepBuilder.Value {
    let hidden = step.linear(x, first, rows: rows)
    let active = step.run(.tanh, alike: hidden)
    step.release(hidden)
    let scores = step.linear(active, second, rows: rows)
    step.release(active)
    let gate = step.run(.softmax, alike: scores)
    step.release(scores)
    let result = step.run(.multiply, alike: gate, x)
    step.release(gate)
    return result
  }
}
