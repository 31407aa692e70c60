import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Image folders whose pictures belong to clients, with names as people give them.
struct NaturalPartitionTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `clients are folders, and their classes are put together`() throws {
    try put(
      "zoë's phone/cat/1.png", "zoë's phone/dog/1.png", "train/dog/a b.png", "Ann, 2nd/cat/1.PNG",
      "Ann, 2nd/cat/2.png", "100% \"x\"/fire_truck/#1.png", "-/cat/1.png")
    let data = try load()
    #expect(data.classNames == ["cat", "dog", "fire truck"])
    let owners = try #require(data.owners)
    // By the bytes of the names.
    #expect(owners.names == ["-", "100% \"x\"", "Ann, 2nd", "train", "zoë's phone"])
    #expect(owners.ofSamples == [0, 1, 2, 2, 3, 4, 4])
    #expect(data.labels == [0, 2, 0, 0, 1, 0, 1])
    #expect(data.remark == nil)
  }

  @Test func `other files in client folders are reported, and hidden files are ignored`()
    throws
  {
    try put("a/x/1.png", "a/stray.png", "b/y/1.png", "b/y/note.txt", "README", ".git/x/1.png")
    let data = try load()
    #expect(data.count == 2)
    #expect(data.remark?.hasPrefix("3 files (1 .png, 1 .txt, 1 without an ending)") == true)
  }

  @Test func `an empty class folder is not a class, and a client without pictures is rejected`()
    throws
  {
    try put("a/x/1.png", "a/y/1.png")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "a/z"), withIntermediateDirectories: true)
    #expect(try load().classNames == ["x", "y"])
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "b/x"), withIntermediateDirectories: true)
    expectError(
      "\(folder.url.path)/b has no pictures in a class folder; a natural partition needs CLIENT/CLASS/ with pictures, or a clients.csv beside CLASS/."
    )
  }

  @Test func `a table assigns pictures to clients, in any order and quoting`() throws {
    try put("cat/1.png", "cat/a,b.png", "dog/q\"q.png", "dog/ü 2.png")
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    try folder.write(
      mark
        + Array(
          "file,client\r\n\"dog/q\"\"q.png\",\"Ann, 2nd\"\r\ndog/ü 2.png, b \r\n\r\n\"cat/a,b.png\",Ann\r\ncat/1.png,\"Ann, 2nd\""
            .utf8), to: "clients.csv")
    let data = try load()
    let owners = try #require(data.owners)
    #expect(owners.names == [" b ", "Ann", "Ann, 2nd"])
    #expect(data.sourceFiles.last?.lastPathComponent == "clients.csv")
    let named = Dictionary(
      uniqueKeysWithValues: zip(
        data.sourceFiles.map(\.lastPathComponent), owners.ofSamples.map { owners.names[Int($0)] }))
    #expect(
      named == [
        "1.png": "Ann, 2nd", "a,b.png": "Ann", "q\"q.png": "Ann, 2nd", "ü 2.png": " b ",
      ])
  }

  @Test func `a table also works with train and test folders, and is not reported as ignored`()
    throws
  {
    try put("train/cat/1.png", "train/dog/1.png", "test/cat/1.png")
    try table("file,client\ntrain/cat/1.png,a\ntrain/dog/1.png,b\ntest/cat/1.png,b\n")
    let data = try load()
    #expect(data.owners?.ofSamples == [0, 1, 1])
    #expect(data.remark == nil)
  }

  @Test(arguments: [
    (
      "file;client\n", " does not begin with the columns file,client; write them in its first line."
    ),
    ("", " does not begin with the columns file,client; write them in its first line."),
    (
      "file,client\ncat/1.png,a\n",
      " has no row for dog/1.png; add one, or remove the picture."
    ),
    (
      "file,client\ncat/1.png,a\ndog/1.png,b\n../x/1.png,c\n",
      " names ../x/1.png, which is not a picture in a class folder; remove the row."
    ),
    (
      "file,client\ncat/1.png,a\ncat/1.png,b\n",
      ", line 3: cat/1.png appears twice; give each file one client."
    ),
    ("file,client\ncat/1.png\n", ", line 2: a row has a file and a client; write both."),
    ("file,client\ncat/1.png,\n", ", line 2: a row has a file and a client; write both."),
    ("file,client\n\"cat/1.png,a\n", ", line 2: a quote is not closed; close it."),
  ])
  func `a table that does not match its pictures is rejected`(text: String, fault: String) throws {
    try put("cat/1.png", "dog/1.png")
    try table(text)
    expectError("\(folder.url.path)/clients.csv\(fault)")
  }

  @Test func `a table that is not text is rejected`() throws {
    try put("cat/1.png", "dog/1.png")
    try folder.write(Array("file,client\ncat/1.png,".utf8) + [0xff, 10], to: "clients.csv")
    expectError("\(folder.url.path)/clients.csv is not UTF-8; save it as UTF-8.")
  }

  @Test func `each client has its own samples, and devices are as many as clients`() throws {
    let owners = ImageDataset.Owners(names: ["a", "b", "c"], ofSamples: [2, 0, 1, 0, 2])
    func assign(_ samples: [Int], _ clients: Int) throws(DatasetError) -> [[Int]] {
      try Partition.natural.assign(
        trainIndices: samples, labels: [0, 1, 0, 1, 0], classCount: 2, clients: clients,
        owners: owners, seed: 0)
    }
    #expect(try assign([4, 3, 2, 1, 0], 3) == [[1, 3], [2], [0, 4]])
    #expect(
      throws: DatasetError(
        "The data has 3 clients, but `fleet.devices` is 2; write devices: 3.")
    ) { try assign([0, 1, 2], 2) }
    #expect(
      throws: DatasetError(
        "The client \"b\" has no training samples; give it more images, omit `data.train_samples`, or remove the client."
      )
    ) { try assign([0, 1, 3], 3) }
  }

  @Test func `a client whose samples were all drawn for the test set gets its first one back`() {
    let owners = ImageDataset.Owners(names: ["a", "b"], ofSamples: [0, 1, 1, 0, 0])
    let split = DataSplit(trainIndices: [0, 4], testIndices: [1, 2, 3])
      .leavingEachOwnerATrainSample(owners)
    #expect(split == DataSplit(trainIndices: [0, 1, 4], testIndices: [2, 3]))
    #expect(split.leavingEachOwnerATrainSample(owners) == split)
  }

  private func load() throws(DatasetError) -> ImageDataset {
    try ImageFolder.load(directory: folder.url, byClient: true, size: 1) {
      { Array($0.pixels[..<3]) }
    }
  }

  private func expectError(
    _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: DatasetError(sentence), sourceLocation: sourceLocation) { try load() }
  }

  private func table(_ text: String) throws {
    try folder.write(Array(text.utf8), to: "clients.csv")
  }

  /// Puts copies of a committed picture there.
  private func put(_ paths: String...) throws {
    let picture = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/pictures/rgb-8.png").standardizedFileURL
    for path in paths {
      let file = folder.url.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: picture, to: file)
    }
  }
}
