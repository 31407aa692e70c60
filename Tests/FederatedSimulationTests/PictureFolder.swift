import Foundation

/// A temporary folder of pictures: two classes of copies of committed pictures of
/// several sizes.
final class PictureFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "flora-\(UUID().uuidString)")
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/pictures").standardizedFileURL
    for (name, files) in [("a", ["rgb-8.png", "grey-8.png"]), ("b", ["420.jpg", "444.jpg"])] {
      let target = url.appending(path: name)
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      for (index, file) in files.enumerated() {
        for copy in 0..<5 {
          try FileManager.default.copyItem(
            at: fixtures.appending(path: file),
            to: target.appending(path: "\(index)-\(copy).\(file.suffix(3))"))
        }
      }
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A scenario that uses the pictures.
  var text: String {
    """
    name: pictures
    data:
      dataset: image-folder
      path: \(url.path)
      partition: { kind: iid }
    training: { batch_size: 4 }
    methods: [{ name: flora, kind: lora }]
    fleet:
      devices: 2
      classes:
        - { name: only, share: 1, compute: 5 GFLOPS, memory: 2 GB, download: 10 Mbps, upload: 2 Mbps, rtt: 80 ms, dropout: 0 }
    server: { rounds: 2, cohort: 2 }
    """
  }
}
