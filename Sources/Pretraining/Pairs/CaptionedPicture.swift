import Drawings

/// A picture of one thing, and what its corpus says of it.
struct CaptionedPicture: Sendable {
  let picture: CutOutPicture
  /// What it shows, in a few words of lower case without an article: "red teapot".
  let title: String
  /// Further words for it, or for what it is about.
  let keywords: [String]
  /// The kinds of thing that its corpus sorts it under.
  let categories: [String]
}
