import Foundation
import Tensors

extension SafetensorsWriter {
  /// Writes the values of all parameters of a layout, in its order.
  ///
  /// - Parameter name: maps a parameter's name in the layout to its name in the file.
  package static func write(
    _ numbers: [Float], _ layout: ParameterLayout, named name: (String) -> String = { $0 },
    to file: URL
  ) throws {
    try write(
      layout.entries.map { (name($0.name), $0.shape, numbers[$0.range]) }, to: file)
  }
}
