import CLIP
import Tensors

/// A part of a batch and its forward and backward pass through one tower.
///
/// It has its own context, so its memory stays with it whichever thread runs it, but only one
/// thread may use it at a time.
final class TowerPart: @unchecked Sendable {
  enum Input {
    /// Preprocessed pictures in sequence, each with channels * size * size values.
    case pictures(ArraySlice<Float>)
    case texts([[Int32]])
  }

  private enum Tape {
    case vision(VisionTower.Tape)
    case text(TextTower.Tape)
  }

  private let parameters: CLIPParameters
  private let configuration: CLIPConfiguration
  private let table: ParameterTable
  private let context = ComputeContext()
  private var features: UnitRows?
  private var tape: Tape?

  /// The input of the next forward pass.
  var input = Input.texts([])
  /// The gradient of the features from which the backward pass starts, [rows, projectionWidth].
  private(set) var gradient: Matrix?

  /// - Parameter table: the parameters to read, and where to add this part's gradients.
  init(_ parameters: CLIPParameters, _ configuration: CLIPConfiguration, _ table: ParameterTable) {
    self.parameters = parameters
    self.configuration = configuration
    self.table = table
  }

  /// The normalised features, [rows, projectionWidth], available between forward and backward pass.
  var rows: Matrix { features!.rows }

  /// Computes the features of the input.
  func forward() {
    let features: Matrix
    switch input {
    case .pictures(let numbers):
      let width = configuration.pixelCount
      let pixels = context.matrix(numbers.count / width, width)
      numbers.withUnsafeBufferPointer {
        context.copy($0.baseAddress!, to: pixels.base, count: pixels.count)
      }
      let (z, tape) = VisionTower(parameters, configuration, table)
        .forward(pixels, recording: true, context)
      pixels.recycle()
      features = z
      self.tape = tape.map(Tape.vision)
    case .texts(let tokens):
      let (t, tape) = TextTower(parameters, configuration, table)
        .forward(TextRows(TextBatch(tokens, configuration)), recording: true, context)
      features = t
      self.tape = tape.map(Tape.text)
    }
    self.features = UnitRows(normalizing: features, context)
    gradient = context.matrix(rows.rows, rows.columns)
  }

  /// Adds the gradients of the tower's parameters, given the gradient of the features.
  func backward() {
    guard let features, let tape, let gradient else { preconditionFailure("forward comes first") }
    features.backward(gradient, context)
    switch tape {
    case .vision(let tape):
      VisionTower(parameters, configuration, table).backward(gradient, tape, context)
    case .text(let tape):
      TextTower(parameters, configuration, table).backward(gradient, tape, context)
    }
    gradient.recycle()
    features.recycle()
    (self.features, self.tape, self.gradient) = (nil, nil, nil)
  }
}
