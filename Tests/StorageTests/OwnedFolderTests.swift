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

  @Test func `a killed process's lock file blocks no other process`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data().write(to: folder.appending(path: ".lock"))
    #expect(try OwnedFolder(folder) != nil)
  }

  @Test func `some share a folder, and keep all others out until the last of them is gone`() throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    var first = try OwnedFolder(folder, .shared)
    var second = try OwnedFolder(folder, .shared)
    #expect(first != nil && second != nil)
    #expect(try OwnedFolder(folder) == nil)
    first = nil
    #expect(try OwnedFolder(folder) == nil)
    second = nil
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    let owner = try OwnedFolder(folder)
    #expect(owner != nil)
    #expect(try OwnedFolder(folder, .shared) == nil)
  }

  @Test func `a folder that is not there is named`() throws {
    try FileManager.default.removeItem(at: folder)
    let fault = #expect(throws: FileFault.self) { try OwnedFolder(folder) }
    #expect(fault?.description.contains(folder.path) == true)
  }
}
