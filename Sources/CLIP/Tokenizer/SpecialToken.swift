/// The start and end tokens, which have the same names in every CLIP vocabulary.
enum SpecialToken: String, CaseIterable {
  case start = "<|startoftext|>"
  case end = "<|endoftext|>"
}
