import CLIP
import Foundation

/// Reference files of the tests, next to the scripts that generated them.
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
