import Foundation

/// A line on standard error that is overwritten repeatedly; no output if it is not a terminal.
struct TerminalLine {
  let isVisible: Bool

  /// Shows the text truncated to the terminal's width, since a second line could not be cleared.
  func show(_ text: String) { show([text]) }

  /// Shows the first of these texts that fits the terminal, or the last one truncated.
  func show(_ texts: [String]) {
    let text = texts.first { $0.count < Self.columns } ?? texts.last ?? ""
    write("\r\u{1B}[K\(text.prefix(Self.columns - 1))")
  }

  /// Clears the line.
  func clear() { write("\r\u{1B}[K") }

  /// Writes a sentence to standard error, whether or not it is a terminal.
  static func note(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }

  private func write(_ text: String) {
    if isVisible { FileHandle.standardError.write(Data(text.utf8)) }
  }

  private static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
    return Int(size.ws_col)
  }
}
