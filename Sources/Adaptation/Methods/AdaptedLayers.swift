import CLIP

/// The linear layers that a method updates: the same modules of every block of a tower, in the
/// tower's order.
struct AdaptedLayers {
  struct Layer {
    /// The layer's path in the model: `text_model.encoder.layers.0.mlp.fc1`.
    let path: String
    let module: LinearModule
    let projection: CLIPParameters.Projection
  }

  let layers: [Layer]

  init(_ configuration: CLIPConfiguration, _ tower: Tower, _ modules: [LinearModule]) {
    let parameters = CLIPParameters(configuration)
    let modules = LinearModule.allCases.filter(modules.contains)
    func layers(_ name: String, _ blocks: [CLIPParameters.Block]) -> [Layer] {
      blocks.enumerated().flatMap { index, block in
        modules.map { module in
          Layer(
            path: "\(name).encoder.layers.\(index).\(module.path)", module: module,
            projection: block[module])
        }
      }
    }
    self.layers =
      (tower.includesText ? layers("text_model", parameters.text.blocks) : [])
      + (tower.includesVision ? layers("vision_model", parameters.vision.blocks) : [])
  }

  /// The regular expression with which PEFT's configurations select the layers.
  static func expression(_ tower: Tower, _ modules: [LinearModule]) -> String {
    let towers = tower == .both ? "(text_model|vision_model)" : "\(tower.rawValue)_model"
    let paths = modules.map { $0.path.replacing(".", with: "\\.") }.joined(separator: "|")
    return "\(towers)\\.encoder\\.layers\\.\\d+\\.(\(paths))"
  }
}
