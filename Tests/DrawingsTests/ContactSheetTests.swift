import Foundation
import Testing

@testable import Drawings

struct ContactSheetTests {
  private let source = DrawnPairSource(seed: 2, imageSize: 10)

  @Test func `each kind starts a row, and long rows wrap`() {
    let pairs =
      (0..<3).map { source.pair($0, of: .bag) } + [source.pair(0, of: .tShirt)]
    let sheet = ContactSheet(pairs, columns: 2, magnification: 3)
    #expect(sheet.width == 2 + 2 * 32)
    #expect(sheet.height == 2 + 3 * 32)
    #expect(sheet.pixels.count == sheet.width * sheet.height * 3)
    // The T-shirt comes first, whatever the order of the pairs.
    let first = (2 * sheet.width + 2) * 3
    #expect(Array(sheet.pixels[first..<(first + 3)]) == Array(pairs[3].pixels[0..<3]))
  }

  @Test func `a sheet is written as a PNG file of its size`() throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "contact-sheet-\(UUID().uuidString).png")
    defer { try? FileManager.default.removeItem(at: file) }
    let sheet = ContactSheet((0..<5).map { source.pair($0) }, columns: 5)
    try sheet.writePNG(to: file)
    let bytes = try [UInt8](Data(contentsOf: file))
    #expect(Array(bytes[0..<8]) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    #expect(Int(bytes[18]) << 8 | Int(bytes[19]) == sheet.width)
    #expect(Int(bytes[22]) << 8 | Int(bytes[23]) == sheet.height)
  }

  @Test func `a sheet that cannot be written reports where and why`() {
    let sheet = ContactSheet([source.pair(0)])
    let error = #expect(throws: ContactSheetError.self) {
      try sheet.writePNG(to: URL(filePath: "/no/such/folder/sheet.png"))
    }
    #expect(error?.description.contains("/no/such/folder/sheet.png") == true)
  }

  @Test func `an empty sheet is a small picture`() {
    let sheet = ContactSheet([])
    #expect(sheet.pixels.count == sheet.width * sheet.height * 3)
  }
}
