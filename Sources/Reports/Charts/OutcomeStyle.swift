/// The appearance of task outcomes and phases: the style sheet colours each class, some with
/// hatching.
enum OutcomeStyle {
  static func look(_ outcome: Outcome) -> String { "o-\(outcome.rawValue)" }

  static func look(_ phase: TaskPhase) -> String { "p-\(phase.rawValue)" }

  /// A distinct shape per outcome, so that colour is not the only cue: a disc if used, a cross if
  /// lost, a triangle if late.
  static func marker(_ outcome: Outcome, at point: SVGDrawing.Point) -> String {
    switch outcome {
    case .completed: SeriesStyle(index: 0).marker(at: point, radius: 3.6)
    case .late, .stale: SeriesStyle(index: 7).marker(at: point, radius: 4.4)
    case .rejected: SeriesStyle(index: 3).marker(at: point, radius: 4)
    case .droppedDownload, .droppedTraining, .droppedUpload, .outage, .edgeFailed:
      cross(at: point)
    case .excludedMemory, .unavailable: SeriesStyle(index: 1).marker(at: point, radius: 3.6)
    }
  }

  private static func cross(at point: SVGDrawing.Point) -> String {
    let r = 4.2
    let t = 1.4
    let corners: [(Double, Double)] = [
      (0, -t), (r - t, -r), (r, -r + t), (t, 0), (r, r - t), (r - t, r), (0, t), (-r + t, r),
      (-r, r - t), (-t, 0), (-r, -r + t), (-r + t, -r),
    ]
    return corners.enumerated().map { place, corner in
      "\(place == 0 ? "M" : "L")\(SVGDrawing.number(point.x + corner.0)) "
        + SVGDrawing.number(point.y + corner.1)
    }.joined() + "Z"
  }
}
