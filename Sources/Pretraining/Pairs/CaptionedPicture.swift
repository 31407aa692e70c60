import Drawings

/// A picture of one thing and its description in the corpus.
struct CaptionedPicture: Sendable {
  let picture: CutOutPicture
  /// What the picture shows, in a few lowercase words without an article: "red teapot".
  let title: String
  /// Additional words for the thing or its topic.
  let keywords: [String]
  /// The categories of the thing in the corpus.
  let categories: [String]
}
