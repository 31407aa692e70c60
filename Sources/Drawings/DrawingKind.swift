/// The kinds of drawings: the ten classes of Fashion-MNIST in label order, followed by other
/// garments, shapes and things.
public enum DrawingKind: Int, CaseIterable, Sendable {
  case tShirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankleBoot
  case skirt, shorts, hat, cap, sock, glove, scarf, tie, belt
  case circle, square, rectangle, triangle, star, cross, ring, heart
  case cup, bottle, chair, table, lamp, umbrella
  case house, car, tree, flower, fish, boat

  /// The ten classes of Fashion-MNIST (Xiao et al., arXiv 1708.07747) in label order.
  public static let garments = Array(allCases.prefix(10))

  /// All other kinds.
  public static let others = Array(allCases.dropFirst(10))

  /// The names used in captions; the first is used about half of the time.
  public var names: [DrawingName] {
    switch self {
    case .tShirt: ["t-shirt/top", "t-shirt", "top", "tee", "tee shirt"]
    case .trouser: ["trouser", .plural("trousers"), .plural("pants"), "pair of trousers"]
    case .pullover: ["pullover", "sweater", "jumper"]
    case .dress: ["dress", "gown", "frock"]
    case .coat: ["coat", "jacket", "overcoat"]
    case .sandal: ["sandal"]
    case .shirt: ["shirt"]
    case .sneaker: ["sneaker", "running shoe", "tennis shoe", "trainer"]
    case .bag: ["bag", "handbag", "purse"]
    case .ankleBoot: ["ankle boot", "boot", "bootie"]
    case .skirt: ["skirt"]
    case .shorts: [.plural("shorts"), "pair of shorts"]
    case .hat: ["hat"]
    case .cap: ["cap", "baseball cap"]
    case .sock: ["sock"]
    case .glove: ["glove"]
    case .scarf: ["scarf"]
    case .tie: ["tie", "necktie"]
    case .belt: ["belt"]
    case .circle: ["circle", "disc"]
    case .square: ["square"]
    case .rectangle: ["rectangle"]
    case .triangle: ["triangle"]
    case .star: ["star"]
    case .cross: ["cross", "plus sign"]
    case .ring: ["ring"]
    case .heart: ["heart"]
    case .cup: ["cup", "mug"]
    case .bottle: ["bottle"]
    case .chair: ["chair"]
    case .table: ["table", "desk"]
    case .lamp: ["lamp"]
    case .umbrella: ["umbrella"]
    case .house: ["house", "home"]
    case .car: ["car", "automobile"]
    case .tree: ["tree"]
    case .flower: ["flower"]
    case .fish: ["fish"]
    case .boat: ["boat", "ship"]
    }
  }

  /// The more specific names of some drawings of this kind.
  public var variants: [DrawingName] {
    switch self {
    case .tShirt: ["tank top", "sleeveless top"]
    case .trouser: [.plural("jeans"), .plural("leggings")]
    case .pullover: ["hoodie", "turtleneck"]
    case .dress: ["sleeveless dress"]
    case .coat: ["raincoat", "hooded jacket", "puffer jacket"]
    case .sandal: ["flip flop", "high heel sandal", "wedge sandal"]
    case .shirt: ["dress shirt", "blouse", "polo shirt"]
    case .sneaker: ["high top sneaker"]
    case .bag: ["clutch", "tote bag", "shoulder bag", "backpack"]
    case .ankleBoot: ["chelsea boot", "lace up boot"]
    default: []
    }
  }
}
