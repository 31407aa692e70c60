import Foundation

/// A configuration file that is parsed but not yet interpreted.
///
/// ```swift
/// let document = try ConfigurationDocument(file: url, overrides: ["server.rounds=3"])
/// let rounds = try document.read { root in
///   root.section("server").integer("rounds", in: .positive, example: 20)
/// }
/// ```
///
/// YAML is read strictly: no anchors or aliases, no tags, no duplicate keys, one document per file.
package struct ConfigurationDocument: Sendable {
  /// The maximum file size in bytes.
  package static let sizeLimit = 1_000_000

  /// The file name as the caller gave it.
  package let name: String

  let root: ConfigurationNode
  let faults: [ConfigurationFault]

  init(name: String, root: ConfigurationNode, faults: [ConfigurationFault]) {
    self.name = name
    self.root = root
    self.faults = faults
  }

  /// Reads a UTF-8 file.
  ///
  /// - Parameter overrides: the arguments of `--set`, such as `server.rounds=3`.
  /// - Throws: `ConfigurationError` if the file cannot be read or is not valid YAML.
  package init(file: URL, overrides: [String] = []) throws(ConfigurationError) {
    let name = file.relativePath
    let text: String
    do throws(ConfigurationFault) {
      text = try ConfigurationFile(url: file, name: name).text()
    } catch {
      throw ConfigurationError(file: name, faults: [error])
    }
    try self.init(text: text, name: name, overrides: overrides)
  }

  /// Parses text as the contents of a file called `name`.
  ///
  /// - Throws: `ConfigurationError` if the text is not valid YAML.
  package init(
    text: String, name: String, overrides: [String] = []
  ) throws(ConfigurationError) {
    var reader = YAMLReader(source: .file(name))
    guard var root = reader.readSection(text.droppingByteOrderMark) else {
      throw ConfigurationError(file: name, faults: reader.faults)
    }
    var faults = reader.faults
    for override in overrides {
      do throws(ConfigurationFault) {
        try ConfigurationOverride(override).apply(to: &root)
      } catch {
        faults.append(error)
      }
    }
    self.name = name
    self.root = root
    self.faults = faults
  }

  /// Runs a reader over the document and returns its result if there were no errors.
  ///
  /// - Parameter body: reads the whole document, starting at its root section. If it met an error,
  ///   its result is discarded, so placeholder values in it do no harm.
  /// - Throws: `ConfigurationError` with every error, including one for each key that `body` did
  ///   not read.
  package func read<Value>(
    _ body: (ConfigurationSection) -> Value
  ) throws(ConfigurationError) -> Value {
    let reading = ConfigurationReading(faults: faults)
    let value = body(ConfigurationSection(root: root, reading: reading))
    reading.recordUnknownKeys()
    guard reading.faults.isEmpty else {
      throw ConfigurationError(file: name, faults: reading.faults)
    }
    return value
  }
}

extension String {
  fileprivate var droppingByteOrderMark: String {
    unicodeScalars.first == "\u{FEFF}" ? String(unicodeScalars.dropFirst()) : self
  }
}
