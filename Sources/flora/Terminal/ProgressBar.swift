import Foundation

/// Progress as a bar with numbers: `[#####---------------] 5/20`.
struct ProgressBar: CustomStringConvertible {
  let done: Int
  let total: Int

  private static let width = 20

  var description: String {
    let filled = total > 0 ? min(Self.width, Self.width * done / total) : 0
    return "[" + String(repeating: "#", count: filled)
      + String(repeating: "-", count: Self.width - filled) + "] \(done)/\(total)"
  }
}
