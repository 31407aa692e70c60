import Randomness

/// A sentence template with a placeholder for what the picture shows.
public struct CaptionTemplate: Sendable, Equatable {
  /// The templates; `{}` stands for the thing with its article. The first is the template of
  /// zero-shot classifiers, so it is used four times as often as each of the others.
  static let all = [
    "a photo of {}.", "clip art of {}.", "a drawing of {}.", "a picture of {}.",
    "an icon of {}.", "{}.", "a black and white photo of {}.", "{}",
  ].map(CaptionTemplate.init)

  /// The template of zero-shot classifiers.
  public static let plain = all[0]

  let text: String

  /// - Parameter isGrey: whether the picture has no colour, so that the sentence may mention it.
  public static func random(isGrey: Bool, using random: inout RandomStream) -> CaptionTemplate {
    while true {
      let template = all[max(0, random.integer(below: all.count + 3) - 3)]
      if isGrey || !template.text.contains("black and white") { return template }
    }
  }

  /// Fills in the template: "a photo of an ankle boot."
  ///
  /// Plurals have no article, nor does a thing that is the entire sentence.
  public func sentence(about thing: String, isPlural: Bool) -> String {
    let startsWithVowel = thing.first.map { "aeiou".contains($0) } ?? false
    let article = text == "{}" || isPlural ? "" : startsWithVowel ? "an " : "a "
    return text.replacing("{}", with: article + thing)
  }
}
