/// The two tokens that frame a text, known by the names that every CLIP vocabulary gives them.
enum SpecialToken: String, CaseIterable {
  case start = "<|startoftext|>"
  case end = "<|endoftext|>"
}
