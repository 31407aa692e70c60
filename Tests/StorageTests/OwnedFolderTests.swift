import Foundation
import Testing

@testable import Storage

struct OwnedFolderTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "flora-\(UUID().uuidString)", directoryHint: .isDirectory)

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  @Test func `a folder has one owner at a time, and the lock file is removed`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var first = try OwnedFolder(folder)
    #expect(first != nil)
    #expect(try OwnedFolder(folder) == nil)
    first = nil
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    #expect(try OwnedFolder(folder) != nil)
  }

  @Test func `a killed process's lock file blocks nobody`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data().write(to: folder.appending(path: ".lock"))
    #expect(try OwnedFolder(folder) != nil)
  }

  @Test func `a missing folder is named`() throws {
    try FileManager.default.removeItem(at: folder)
    let fault = #expect(throws: FileFault.self) { try OwnedFolder(folder) }
    #expect(fault?.description.contains(folder.path) == true)
  }
}
