import Foundation

/// A folder of this process for files that are read once; in memory if the system supports it.
final class InputFolder: Sendable {
  static let shared = InputFolder()

  let url: URL

  private init() {
    let memory = URL(filePath: "/dev/shm")
    let parent =
      FileManager.default.isWritableFile(atPath: memory.path)
      ? memory : FileManager.default.temporaryDirectory
    url = parent.appending(path: "flora-inputs-\(getpid())")
    try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    // CIFAR-10 has six files; the first one is read.
    for number in 2...5 { write(Data(), "data_batch_\(number).bin") }
    write(Data(), "test_batch.bin")
    write(Data((0..<10).map { "class_\($0)\n" }.joined().utf8), "batches.meta.txt")
  }

  func url(_ name: String) -> URL { url.appending(path: name) }

  func write(_ bytes: Data, _ name: String) {
    do { try bytes.write(to: url(name)) } catch {
      preconditionFailure("\(url(name).path) cannot be written: \(error)")
    }
  }

  func remove(_ names: String...) {
    for name in names { unlink(url(name).path) }
  }
}
