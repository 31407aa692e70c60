/// How a device executes a training step, which determines its time, energy and memory.
///
/// The plan affects only costs, never the trained model.
public enum ExecutionPlan: String, Codable, Sendable, CaseIterable {
  /// FLORA's published code: every step runs all images of the batch through the vision tower and,
  /// for each image, a prompt padded to the full context through the text tower. There are no
  /// prompts if a classifier replaces them.
  case reference
  /// Features of a frozen tower are computed once and cached; distinct prompts are encoded once per
  /// step, truncated after their end token.
  case cached

  /// The work that a device skips in a step. Both plans batch texts and run complete towers, as
  /// published code does. The engine's other savings are not available on devices yet.
  var savings: ExactSavings {
    switch self {
    case .reference: []
    case .cached: [.keptImageFeatures, .distinctPrompts, .cutTexts]
    }
  }
}
