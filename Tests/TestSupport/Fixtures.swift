import CLIP
import Foundation

/// Files that the tests compare against, beside the scripts that made them.
package enum Fixtures {
  package static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures")

  package static func clip(_ name: String) throws -> CLIPModel {
    try CLIPModel(directory: directory.appending(path: "clip/\(name)"))
  }

  package static func reference(_ name: String) throws -> Reference {
    try Reference(SafetensorsFile(directory.appending(path: "clip/\(name).reference.safetensors")))
  }
}
