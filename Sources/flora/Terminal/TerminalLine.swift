import Foundation

/// One line on standard error that is written over again and again; nothing where it is no terminal.
struct TerminalLine {
  let isVisible: Bool

  func show(_ text: String) { write("\r\u{1B}[K\(text)") }

  /// Takes the line away.
  func clear() { write("\r\u{1B}[K") }

  private func write(_ text: String) {
    if isVisible { FileHandle.standardError.write(Data(text.utf8)) }
  }
}
