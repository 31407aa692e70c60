import CLIP

/// The methods with their papers' settings, for tables of costs on a model.
package enum StandardMethods {
  /// - Parameter prompts: the prompts of the classes; the four tokens after the start token must be
  ///   the words "a photo of a".
  package static func all(_ configuration: CLIPConfiguration, prompts: ClassPrompts) -> [(
    name: String, method: any AdaptationMethod
  )] {
    [
      ("flora", lora(configuration, .text, [.output])),
      ("lora, vision out_proj", lora(configuration, .vision, [.output])),
      ("lora, both out_proj", lora(configuration, .both, [.output])),
      ("lora, both all layers", lora(configuration, .both, LinearModule.allCases)),
      ("fedfft", FineTuning(configuration)),
      ("fedlc", ClassifierMethod(configuration, prompts: prompts, trainsVision: false)),
      ("fedvmlc", ClassifierMethod(configuration, prompts: prompts, trainsVision: true)),
      ("fedaa", GateMethod(configuration)),
      ("fedca", BottleneckMethod(configuration)),
      ("norm, vision pre", FineTuning(configuration, .norms(.vision, [.pre]))),
      ("norm, both towers", FineTuning(configuration, .norms(.both, Set(NormPosition.allCases)))),
      ("bias, both towers", FineTuning(configuration, .biases(.both))),
      ("ia3, text", IA3Method(configuration, tower: .text, modules: [.key, .value, .contraction])),
      (
        "dora, text out_proj",
        DoRAMethod(configuration, tower: .text, modules: [.output], rank: 2, alpha: 32)
      ),
      ("vpt, shallow", VisualPromptMethod(configuration, count: 8, isDeep: false)),
      ("vpt, deep", VisualPromptMethod(configuration, count: 8, isDeep: true)),
      ("fedprompt", PromptMethod(configuration, prompts: prompts.tokens, words: 4)),
    ]
  }

  /// Rank 2 and alpha 32, as in FLORA.
  private static func lora(
    _ configuration: CLIPConfiguration, _ tower: Tower, _ modules: [LinearModule]
  ) -> LoRAMethod {
    LoRAMethod(configuration, tower: tower, modules: modules, rank: 2, alpha: 32)
  }
}
