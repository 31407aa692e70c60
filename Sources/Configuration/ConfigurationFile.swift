import Foundation

/// A file to be read as text.
struct ConfigurationFile {
  let url: URL
  let name: String

  /// The contents of the file, which must be UTF-8.
  func text() throws(ConfigurationFault) -> String {
    let bytes = try bytes()
    guard bytes.count <= ConfigurationDocument.sizeLimit else {
      throw fault(
        "the file is larger than 1 MB; a scenario has a few kilobytes, check the path")
    }
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
      throw fault("the file is encoded in UTF-32; save it as UTF-8")
    }
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw fault("the file is encoded in UTF-16; save it as UTF-8")
    }
    throw ConfigurationFault(
      location: .position(file: name, line: lineOfFirstBadByte(in: bytes), column: 1), keyPath: "",
      message: "this line is not UTF-8 text; save the file as UTF-8")
  }

  private func bytes() throws(ConfigurationFault) -> Data {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
      throw fault("there is no such file; check the path")
    }
    guard !isDirectory.boolValue else {
      throw fault("this is a directory; name a YAML file in it")
    }
    do {
      let handle = try FileHandle(forReadingFrom: url)
      defer { try? handle.close() }
      return try handle.read(upToCount: ConfigurationDocument.sizeLimit + 1) ?? Data()
    } catch {
      throw fault("the file cannot be read; check its permissions")
    }
  }

  private func lineOfFirstBadByte(in bytes: Data) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var line = 1
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      if scalar == "\n" { line += 1 }
    }
    return line
  }

  private func fault(_ message: String) -> ConfigurationFault {
    ConfigurationFault(location: .file(name), keyPath: "", message: message)
  }
}
