import CLIP
import Foundation
import Tensors

/// An adapter's two files in PEFT's format.
enum PEFTFiles {
  static func write(
    _ configuration: some Encodable, _ parameters: [Float], _ layout: ParameterLayout,
    to directory: URL
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(configuration)
      .write(to: directory.appending(path: "adapter_config.json"), options: .atomic)
    try SafetensorsWriter.write(
      parameters, layout, named: LoRAMethod.peftName,
      to: directory.appending(path: "adapter_model.safetensors"))
  }

  static func read(
    _ layout: ParameterLayout, from directory: URL
  ) throws(ModelError) -> [Float] {
    try SafetensorsFile(directory.appending(path: "adapter_model.safetensors"))
      .floats(layout, named: LoRAMethod.peftName)
  }
}
