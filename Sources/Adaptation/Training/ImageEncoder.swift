import CLIP
import Tensors

/// Encodes images to normalised features: runs the vision tower, unless its features are cached,
/// and the method's adapter.
struct ImageEncoder {
  private let tower: VisionTower
  private let adapter: (any ImageAdapter)?

  init(_ tower: VisionTower, adapter: (any ImageAdapter)?) {
    precondition(adapter == nil || !tower.isTrained, "an adapter lies on a frozen tower")
    self.tower = tower
    self.adapter = adapter
  }

  var trainsTower: Bool { tower.isTrained }

  /// The width of a feature vector.
  var width: Int { tower.projectionWidth }

  /// Runs pixels through a frozen tower in micro-batches; returns other images unchanged.
  ///
  /// - Parameter images: the caller keeps ownership of pixels.
  func passingFrozenTower(
    _ images: TrainingStep.Images, _ pieces: [Range<Int>], _ context: ComputeContext
  ) -> TrainingStep.Images {
    guard pieces.count > 1, !trainsTower, case .pixels(let pixels) = images else { return images }
    let features = context.matrix(pixels.rows, width)
    for piece in pieces {
      let (raw, _) = tower.forward(pixels.slice(piece), recording: false, context)
      guard adapter == nil else {
        context.copyRows(raw, to: features.slice(piece))
        raw.recycle()
        continue
      }
      let unit = UnitRows(normalizing: raw, context)
      context.copyRows(unit.rows, to: features.slice(piece))
      unit.recycle()
    }
    return .features(features)
  }

  /// - Parameter images: features are recycled with the result; the caller keeps ownership of
  ///   pixels.
  /// - Returns: the normalised features [images, projectionWidth], and a tape for the backward
  ///   pass, which is nil if nothing is trained, or not `recording`.
  func forward(
    _ images: TrainingStep.Images, recording: Bool, _ context: ComputeContext
  ) -> (UnitRows, Tape?) {
    switch (images, adapter) {
    case (.features(let unit), nil): return (UnitRows(unit: unit), nil)
    case (.features(let raw), let adapter?):
      return adapt(raw, adapter, recording: recording, context)
    case (.pixels(let pixels), let adapter):
      let (raw, tape) = tower.forward(pixels, recording: recording && tower.isTrained, context)
      if let adapter { return adapt(raw, adapter, recording: recording, context) }
      return (UnitRows(normalizing: raw, context), tape.map { .tower($0) })
    }
  }

  /// Adds the gradients of the trained parameters.
  ///
  /// - Parameter gradient: the gradient of the normalised features, which is overwritten.
  func backward(
    _ gradient: Matrix, _ features: UnitRows, _ tape: Tape, _ context: ComputeContext
  ) {
    features.backward(gradient, context)
    switch tape {
    case .tower(let tape): tower.backward(gradient, tape, context)
    case .adapter(let adapter, let tape): adapter.backward(gradient, tape, context)
    }
  }

  private func adapt(
    _ raw: Matrix, _ adapter: any ImageAdapter, recording: Bool, _ context: ComputeContext
  ) -> (UnitRows, Tape?) {
    let recording = recording && adapter.isTrained
    let (adapted, tape) = adapter.forward(raw, recording: recording, context)
    return (
      UnitRows(normalizing: adapted, context), recording ? .adapter(adapter, tape) : nil
    )
  }

  enum Tape {
    case tower(VisionTower.Tape)
    case adapter(any ImageAdapter, [Matrix])
  }
}
