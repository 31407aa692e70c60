/// What is visible of a drawing in its picture, after its colours have been changed.
struct DrawnLook {
  var kind: DrawingKind
  var variant: DrawingName?
  /// "red", or "red and white" for a pattern, if the colours have names.
  var colours: String?
  var pattern: PatternWord?
  var parts: [DrawingPart]
  var isBlackAndWhite: Bool

  init(
    _ kind: DrawingKind, _ drawing: Drawing, fabric: Fabric, toning: Toning, picture: Picture
  ) {
    self.kind = kind
    variant = drawing.variant
    let isSilhouette = toning.silhouette != nil
    parts = drawing.parts.filter { !isSilhouette || $0.showsInSilhouette }
    let base = toning(fabric.base)
    let second = toning(fabric.second)
    isBlackAndWhite = picture.isGrey

    let isContrasting = (base - second).max() - min(0, (base - second).min()) > 0.25
    if case .plain = fabric.pattern {
      colours = ColourName(base)?.rawValue
    } else if isSilhouette || !isContrasting {
      colours = isSilhouette ? ColourName(base)?.rawValue : nil
    } else {
      pattern = fabric.pattern.word(atPixels: picture.size)
      if let first = ColourName(base), let other = ColourName(second), pattern != nil {
        colours = first == other ? first.rawValue : "\(first.rawValue) and \(other.rawValue)"
      }
    }
  }
}
