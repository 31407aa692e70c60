import Testing

@testable import Configuration

struct SpellingTests {
  @Test(arguments: [
    ("", "", 0.0), ("", "ab", 2), ("kitten", "sitting", 3), ("adam", "amad", 2), ("sgd", "sdg", 1),
    ("Mbps", "mbps", 0.5), ("batch-size", "batch_size", 0.5),
  ])
  func `the edit distance counts typing errors`(a: String, b: String, distance: Double) {
    #expect(Spelling.distance(a, b) == distance)
    #expect(Spelling.distance(b, a) == distance)
  }

  @Test(arguments: [
    ("ronds", "rounds"), ("learningrate", "learning_rate"), ("cohort", "cohort"), ("x", nil),
    ("temperature", nil),
  ])
  func `only a similar word is suggested`(word: String, suggestion: String?) {
    let words = ["rounds", "cohort", "learning_rate"]
    #expect(Spelling.suggestion(for: word, among: words) == suggestion)
  }
}
