/// A key of a kind of configuration file, as its reader asks for it.
package struct ConfigurationKey: Sendable {
  package enum Form: Hashable, Sendable {
    /// A single value, or a list of such values.
    case value(ScalarForm, isList: Bool)
    /// Keys below it. A plain value in its place is that of the key `shorthand`, where there is one.
    case section(shorthand: String?)
    /// A list of sections.
    case sections
  }

  /// The key under which the file's sections of one kind differ, and the words with which they have
  /// this key.
  package struct Condition: Sendable {
    package let key: String
    package let words: [String]
  }

  /// The keys that lead here; `[]` stands for any element of a list: `fleet.classes[].compute`.
  package let path: String

  /// All that may be written, in the order in which the reader asks; never empty.
  package internal(set) var forms: [Form] = []

  /// What a value is, with its article, as messages say it: `a whole number of at least 1`.
  package internal(set) var expectations: [String] = []

  /// A value as it may be written; nil for sections.
  package internal(set) var example: String?

  /// Values of another form than `example`, with which the reader asks for other keys.
  package internal(set) var furtherExamples: [String] = []

  /// The word that says that there is nothing, such as `none`.
  package internal(set) var none: String?

  /// What holds where the key is left out: several where it depends on others, none where the reader
  /// does without.
  package internal(set) var standards: [String] = []

  /// The key whose value holds where this one is left out.
  package internal(set) var inherited: String?

  /// Whether it is a fault to leave it out.
  package internal(set) var isRequired = false

  /// Nil where the key belongs in its section whatever its kind.
  package internal(set) var condition: Condition?

  /// Whether the reader looks at what is written before it asks for it.
  var hasShapes = false

  init(path: String) { self.path = path }

  /// An optional section whose keys are the user's own.
  package static func freeSection(_ path: String) -> Self {
    var key = Self(path: path)
    key.forms = [.section(shorthand: nil)]
    return key
  }

  /// The path of the section that has the key; empty at the top.
  package var section: String {
    path.lastIndex(of: ".").map { String(path[..<$0]) } ?? ""
  }

  /// The key without its section's path.
  package var name: String {
    path.lastIndex(of: ".").map { String(path[path.index(after: $0)...]) } ?? path
  }

  mutating func add(_ form: Form, expectation: String? = nil) {
    let isKnown = forms.contains { known in
      if case .section = known, case .section(shorthand: nil) = form { true } else { known == form }
    }
    if !isKnown { forms.append(form) }
    if let expectation, !expectations.contains(expectation) { expectations.append(expectation) }
  }
}
