/// The patterns that captions name.
enum PatternWord: String, CaseIterable {
  case striped, checked, dotted
}
