/// A part of a drawing that a caption may mention.
enum DrawingPart: String, CaseIterable, Sendable {
  case longSleeves = "with long sleeves"
  case shortSleeves = "with short sleeves"
  case noSleeves = "without sleeves"
  case straps = "with straps"
  case collar = "with a collar"
  case buttons = "with buttons"
  case zip = "with a zip"
  case hood = "with a hood"
  case pockets = "with pockets"
  case belt = "with a belt"
  case print = "with a print"
  case vNeck = "with a v neck"
  case roundNeck = "with a round neck"
  case highNeck = "with a high neck"
  case wideSkirt = "with a wide skirt"
  case wideLegs = "with wide legs"
  case narrowLegs = "with narrow legs"
  case laces = "with laces"
  case thickSole = "with a thick sole"
  case highHeel = "with a high heel"
  case flatSole = "with a flat sole"
  case handles = "with handles"
  case longStrap = "with a long strap"
  case flap = "with a flap"
  case wideBrim = "with a wide brim"

  /// Whether the part is visible in a single-colour silhouette.
  var showsInSilhouette: Bool {
    switch self {
    case .longSleeves, .shortSleeves, .noSleeves, .straps, .highNeck, .wideSkirt, .wideLegs,
      .narrowLegs, .highHeel, .flatSole, .handles, .longStrap, .wideBrim:
      true
    case .collar, .buttons, .zip, .hood, .pockets, .belt, .print, .vNeck, .roundNeck, .laces,
      .thickSole, .flap:
      false
    }
  }
}
