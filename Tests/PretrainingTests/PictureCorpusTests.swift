import Drawings
import Foundation
import TestSupport
import Testing

@testable import Pretraining

struct PictureCorpusTests {
  @Test func `pictures have their words and parts`() throws {
    let corpus = try SmallCorpus().read()
    #expect(corpus.train.map(\.title) == ["red disc", "blue square, tilted", "green discs"])
    #expect(corpus.train[0].keywords == ["round", "toy"])
    #expect(corpus.train[0].categories == ["shapes"])
    #expect(corpus.train[0].picture.width == 20)
    #expect(corpus.heldOut.map(\.title) == ["white square"])
  }

  @Test(arguments: [
    ("", "is empty"),
    ("file,caption\n", "no column \"part\""),
    ("file,caption,part\nred.png,red,train,more\n", "4 fields instead of 3 in record 2"),
    ("file,caption,part\nred.png,red,both\n", "both"),
    ("file,caption,part\nred.png,red,held-out\n", "lists no training pictures"),
  ])
  func `an invalid list is rejected with the reason`(manifest: String, fault: String) throws {
    let error = #expect(throws: PictureCorpusError.self) {
      try SmallCorpus(manifest: manifest).read()
    }
    #expect("\(try #require(error))".contains(fault))
  }

  @Test func `a missing list, a missing picture and an invalid picture are named`() throws {
    let empty = try TemporaryFolder()
    #expect(throws: PictureCorpusError.self) { try PictureCorpus(directory: empty.url) }
    let corpus = try SmallCorpus()
    let picture = corpus.folder.url.appending(path: "red.png")
    try Data("no picture".utf8).write(to: picture)
    let damaged = #expect(throws: CutOutPictureError.self) {
      try corpus.read()
    }
    #expect("\(try #require(damaged))".contains("red.png"))
    try FileManager.default.removeItem(at: picture)
    #expect(throws: CutOutPictureError.self) { try corpus.read() }
  }
}
