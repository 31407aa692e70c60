extension String {
  /// A manifest's key in the spelling of scenarios: `testSamples` becomes `test_samples`.
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
