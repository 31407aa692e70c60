import Foundation

@testable import BaseModels

/// A modifiable copy of the bundled base, removed at the end of the test.
final class EditedBase {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "flora-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: BaseModels.directory(of: "nano")!, to: url)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Changes the first number of a tensor.
  func changeTensor(_ name: String) throws {
    let file = url.appending(path: "model.safetensors")
    var data = try Data(contentsOf: file)
    let length = Int(data.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
    let header = try JSONSerialization.jsonObject(with: data[8..<8 + length]) as! [String: Any]
    let offsets = (header[name] as! [String: Any])["data_offsets"] as! [Int]
    data[8 + length + offsets[0] + 2] ^= 0x40
    try data.write(to: file)
  }

  func replace(_ old: String, with new: String, in name: String) throws {
    let file = url.appending(path: name)
    let text = try String(contentsOf: file, encoding: .utf8)
    try Data(text.replacing(old, with: new).utf8).write(to: file)
  }
}
