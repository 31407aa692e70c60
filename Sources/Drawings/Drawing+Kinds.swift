import Randomness

extension Drawing {
  /// A new drawing of a kind, with random proportions and details.
  static func of(_ kind: DrawingKind, using random: inout RandomStream) -> Drawing {
    switch kind {
    case .tShirt: tShirt(using: &random)
    case .trouser: trouser(using: &random)
    case .pullover: pullover(using: &random)
    case .dress: dress(using: &random)
    case .coat: coat(using: &random)
    case .sandal: sandal(using: &random)
    case .shirt: shirt(using: &random)
    case .sneaker: sneaker(using: &random)
    case .bag: bag(using: &random)
    case .ankleBoot: ankleBoot(using: &random)
    case .skirt: skirt(using: &random)
    case .shorts: shorts(using: &random)
    case .hat: hat(using: &random)
    case .cap: cap(using: &random)
    case .sock: sock(using: &random)
    case .glove: glove(using: &random)
    case .scarf: scarf(using: &random)
    case .tie: tie(using: &random)
    case .belt: belt(using: &random)
    case .circle: circle(using: &random)
    case .square: square(using: &random)
    case .rectangle: rectangle(using: &random)
    case .triangle: triangle(using: &random)
    case .star: star(using: &random)
    case .cross: cross(using: &random)
    case .ring: ring(using: &random)
    case .heart: heart(using: &random)
    case .cup: cup(using: &random)
    case .bottle: bottle(using: &random)
    case .chair: chair(using: &random)
    case .table: table(using: &random)
    case .lamp: lamp(using: &random)
    case .umbrella: umbrella(using: &random)
    case .house: house(using: &random)
    case .car: car(using: &random)
    case .tree: tree(using: &random)
    case .flower: flower(using: &random)
    case .fish: fish(using: &random)
    case .boat: boat(using: &random)
    }
  }
}
