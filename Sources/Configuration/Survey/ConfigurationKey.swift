/// A key of a configuration format, as its reader requests it.
package struct ConfigurationKey: Sendable {
  package enum Form: Hashable, Sendable {
    /// A single value, or a list of such values.
    case value(ScalarForm, isList: Bool)
    /// A section. A plain value in its place is shorthand for the key `shorthand`, if there is one.
    case section(shorthand: String?)
    /// A list of sections.
    case sections
  }

  /// A restriction of the key to some kinds: the key that selects the section's kind, and the
  /// values with which this key is valid.
  package struct Condition: Sendable {
    package let key: String
    package let words: [String]
  }

  /// The path of the key; `[]` stands for any list element: `fleet.classes[].compute`.
  package let path: String

  /// The accepted forms in the order in which the reader requests them; never empty.
  package internal(set) var forms: [Form] = []

  /// The expected values with their articles, as in error messages: `a whole number of at least 1`.
  package internal(set) var expectations: [String] = []

  /// An example value; nil for sections.
  package internal(set) var example: String?

  /// Values of another form than `example`, with which the reader asks for other keys.
  package internal(set) var furtherExamples: [String] = []

  /// The word for no value, such as `none`.
  package internal(set) var none: String?

  /// The defaults: several if they depend on other keys, none if the reader does without.
  package internal(set) var standards: [String] = []

  /// The key that provides the value if this one is omitted.
  package internal(set) var inherited: String?

  /// Whether omitting the key is an error.
  package internal(set) var isRequired = false

  /// Nil if the key is valid for every kind of its section.
  package internal(set) var condition: Condition?

  /// Whether the reader inspects the value's shape before requesting it.
  var hasShapes = false

  init(path: String) { self.path = path }

  /// An optional section with user-defined keys.
  package static func freeSection(_ path: String) -> Self {
    var key = Self(path: path)
    key.forms = [.section(shorthand: nil)]
    return key
  }

  /// The path of the enclosing section; empty at the root.
  package var section: String {
    path.lastIndex(of: ".").map { String(path[..<$0]) } ?? ""
  }

  /// The last component of the path.
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
