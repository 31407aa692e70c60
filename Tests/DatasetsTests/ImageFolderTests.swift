import Foundation
import Pictures
import TestSupport
import Testing

@testable import Datasets

struct ImageFolderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `folders are classes, and their pictures are resized to one size`() throws {
    try put("rgb-8.png", "tabby_cat/b.PNG")
    try put("420.jpg", "tabby_cat/a.jpeg")
    try put("grey.jpg", "dog/c.jpg")
    try folder.write(Array("notes".utf8), to: "dog/notes.txt")
    try folder.write([], to: "dog/.hidden.png")
    try folder.write(Array("notes".utf8), to: "README")
    let dataset = try load()
    #expect(dataset.classNames == ["dog", "tabby cat"])
    #expect(dataset.labels == [0, 1, 1])
    #expect(dataset.partCounts == [3])
    #expect((dataset.height, dataset.width, dataset.channels) == (2, 2, 3))
    #expect(dataset.sourceFiles.map(\.lastPathComponent) == ["c.jpg", "a.jpeg", "b.PNG"])
    for (index, name) in ["grey.jpg", "420.jpg", "rgb-8.png"].enumerated() {
      #expect(Array(dataset.image(index)) == Self.corner(try Picture(file: Self.fixture(name))))
    }
  }

  @Test func `the train and test parts are merged in this order`() throws {
    try put("rgb-8.png", "train/b/1.png", "train/a/1.png", "train/a/2.png", "test/b/1.png")
    let dataset = try load()
    #expect(dataset.classNames == ["a", "b"])
    #expect(dataset.labels == [0, 0, 1, 1])
    #expect(dataset.partCounts == [3, 1])
  }

  @Test func `without a test part there is one part`() throws {
    try put("rgb-8.png", "train/b/1.png", "train/a/1.png", "validation/c/1.png")
    #expect(try load().partCounts == [2])
  }

  @Test func `ignored files are reported, and invalid names are rejected`() throws {
    try put("rgb-8.png", "train/a/1.png", "train/b/1.png", "train/a/in/2.png", "val/a/1.png")
    for name in ["train/a/1.avif", "train/a/2.AVIF", "train/b/x.heic", "train/b/raw"] {
      try folder.write([0], to: name)
    }
    #expect(
      try load().remark
        == "4 files (2 .avif, 1 .heic, 1 without an ending) and 2 folders (in, val) in \(folder.url.path) "
        + "were ignored; only PNG, JPEG, WebP, GIF, TIFF and BMP files in class folders are read"
    )
    for place in ["train", "train/a"] {
      let path =
        Array("\(folder.url.path)/\(place)/caf".utf8CString.dropLast()) + [
          CChar(bitPattern: 0xE9), 0,
        ]
      #expect(mkdir(path, 0o755) == 0)
      expectError(
        "\(folder.url.path)/\(place) holds \"caf\u{FFFD}\", a name that is not UTF-8; rename it.")
      #expect(rmdir(path) == 0)
    }
  }

  @Test func `a folder without ignored files has no remark`() throws {
    try put("rgb-8.png", "a/1.png", "b/1.png")
    #expect(try load().remark == nil)
  }

  @Test func `pictures of all formats are read, with extensions in any case`() throws {
    let files = [
      ("rgb-8.png", "1.png"), ("420.jpg", "2.JPEG"), ("lossy.webp", "3.WebP"),
      ("grey.gif", "4.gif"),
      ("lzw.tif", "5.tif"), ("planes.tif", "6.TIFF"), ("rgb.bmp", "7.bmp"),
    ]
    for (fixture, name) in files { try put(fixture, "a/\(name)", "b/\(name)") }
    let dataset = try load()
    #expect(dataset.count == 14 && dataset.remark == nil)
    for (index, (name, _)) in (files + files).enumerated() {
      #expect(Array(dataset.image(index)) == Self.corner(try Picture(file: Self.fixture(name))))
    }
  }

  @Test(arguments: [2, 3, 8, 100])
  func `any number of threads gives the same images or the same error`(workers: Int) throws {
    let names = ["rgb-8.png", "420.jpg", "grey.jpg", "palette.gif", "lossless.webp"]
    for index in 0..<40 {
      try put(names[index % 5], "\(index % 2 == 0 ? "a" : "b")/\(10 + index).png")
    }
    func load(_ workers: Int) throws(DatasetError) -> ImageDataset {
      try ImageFolder.load(
        directory: folder.url, size: 2, workers: workers, resizer: { Self.corner })
    }
    let alone = try load(1)
    #expect(try load(workers).pixels == alone.pixels)
    for name in ["a/20.png", "a/36.png", "b/11.png"] {
      try folder.write(Array("no picture".utf8), to: name)
    }
    for _ in 0..<20 {
      let fault = #expect(throws: DatasetError.self) { try load(workers) }
      #expect(fault?.description.hasPrefix("\(folder.url.path)/a/20.png is not a PNG") == true)
    }
  }

  @Test func `a class may be called train`() throws {
    try put("rgb-8.png", "train/1.png", "bus/1.png")
    #expect(try load().classNames == ["bus", "train"])
  }

  @Test func `class names can be given, one for each class`() throws {
    try put("rgb-8.png", "n01/1.png", "n02/1.png")
    #expect(try load(["tench", "goldfish"]).classNames == ["tench", "goldfish"])
    expectError(
      "`data.class_names` has 3 names, but \(folder.url.path) has 2 classes; give one name for "
        + "each class, in this order: n01, n02.", ["a", "b", "c"])
    expectError(
      "Two classes of \(folder.url.path) are called \"a\"; "
        + "give them distinct names with `data.class_names`.", ["a", "a"])
  }

  @Test func `a missing folder is rejected`() throws {
    let missing = folder.url.appendingPathComponent("missing")
    #expect(throws: DatasetError("There is no folder \(missing.path); check `data.path`.")) {
      try ImageFolder.load(directory: missing, size: 2, resizer: { Self.corner })
    }
  }

  @Test func `fewer than two classes are rejected`() throws {
    let suggestion = "give a folder that contains train/CLASS/ or CLASS/ for at least two classes."
    expectError("\(folder.url.path) has no folder of pictures; \(suggestion)")
    try put("rgb-8.png", "cat/1.png")
    expectError("\(folder.url.path) has only one folder of pictures; \(suggestion)")
  }

  @Test func `a class without pictures is rejected`() throws {
    try put("rgb-8.png", "cat/1.png", "dog/1.svg")
    expectError(
      "\(folder.url.path)/dog contains no pictures; put PNG, JPEG, WebP, GIF, TIFF or BMP files into it, or remove it."
    )
  }

  @Test func `a class only in the test part is rejected`() throws {
    try put("rgb-8.png", "train/a/1.png", "train/b/1.png", "test/c/1.png")
    expectError(
      "\(folder.url.path)/test/c is a class without a folder in \(folder.url.path)/train; "
        + "add one, or remove it.")
  }

  @Test func `an unreadable picture is named`() throws {
    try put("rgb-8.png", "cat/1.png")
    try put("cmyk.jpg", "dog/1.jpg")
    expectError("\(folder.url.path)/dog/1.jpg is a JPEG picture in CMYK; convert it to RGB.")
  }

  private func load(_ classNames: [String]? = nil) throws(DatasetError) -> ImageDataset {
    try ImageFolder.load(
      directory: folder.url, classNames: classNames, size: 2, resizer: { Self.corner })
  }

  private func expectError(
    _ sentence: String, _ classNames: [String]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: DatasetError(sentence), sourceLocation: sourceLocation) {
      try load(classNames)
    }
  }

  /// Adds copies of a committed picture.
  private func put(_ fixture: String, _ paths: String...) throws {
    for path in paths {
      let file = folder.url.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: Self.fixture(fixture), to: file)
    }
  }

  private static func fixture(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/pictures/\(name)").standardizedFileURL
  }

  /// The four pixels in the top left corner.
  private static func corner(_ picture: Picture) -> [UInt8] {
    Array(picture.pixels[..<6] + picture.pixels[picture.width * 3..<picture.width * 3 + 6])
  }
}
