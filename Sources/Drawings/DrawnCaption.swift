import Randomness

/// A caption for a drawing that is true of what is visible in the picture.
struct DrawnCaption {
  /// The maximum number of words in a caption.
  static let longest = 14

  /// Every word that can occur in a caption, in lower case, without full stops.
  static let vocabulary: Set<String> = {
    var phrases = ["a", "an", "and"] + CaptionTemplate.all.map(\.text)
    for kind in DrawingKind.allCases { phrases += (kind.names + kind.variants).map(\.text) }
    phrases += ColourName.allCases.map(\.rawValue) + PatternWord.allCases.map(\.rawValue)
    phrases += DrawingPart.allCases.map(\.rawValue)
    return Set(phrases.flatMap(words)).subtracting(["{}"])
  }()

  let text: String

  init(_ look: DrawnLook, using random: inout RandomStream) {
    let name = Self.name(of: look, using: &random)
    let attributes = Self.attributes(of: look, using: &random)
    let template = CaptionTemplate.random(isGrey: look.isBlackAndWhite, using: &random)
    var words = attributes.before + [name.text] + attributes.after
    // The longest template adds four words, plus the article.
    while Self.words(words.joined(separator: " ")).count + Self.words(template.text).count
      > Self.longest
    {
      if words.last != name.text { words.removeLast() } else { words.removeFirst() }
    }
    text = template.sentence(
      about: words.joined(separator: " "), isPlural: name.isPlural)
  }

  static func words(_ text: String) -> [String] {
    text.split(whereSeparator: { $0 == " " || $0 == "." }).map(String.init)
  }

  private static func name(of look: DrawnLook, using random: inout RandomStream) -> DrawingName {
    if let variant = look.variant, random.chance(0.25) { return variant }
    let names = look.kind.names
    return random.chance(0.5) ? names[0] : random.pick(names)
  }

  /// Omits attributes in more than half of the captions, so that the names are learned.
  private static func attributes(
    of look: DrawnLook, using random: inout RandomStream
  ) -> (before: [String], after: [String]) {
    guard random.chance(0.42) else { return ([], []) }
    var before: [String] = []
    if let colours = look.colours, random.chance(0.6) { before.append(colours) }
    if let pattern = look.pattern, random.chance(0.7) { before.append(pattern.rawValue) }
    let after = look.parts.isEmpty || random.chance(0.4) ? [] : [random.pick(look.parts).rawValue]
    return (before, after)
  }
}
