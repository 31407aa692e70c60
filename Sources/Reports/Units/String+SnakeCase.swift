extension String {
  /// The key of a manifest as scenarios spell it: `testSamples` is `test_samples`.
  var snakeCase: String {
    var text = ""
    for character in self {
      if character.isUppercase, let last = text.last, last.isLowercase || last.isNumber {
        text += "_"
      }
      text += character.lowercased()
    }
    return text
  }
}
