import CLIP
import Tensors

/// The class prompts as rows of the text tower, with the precomputed output of its frozen lower
/// layers.
package struct PromptRows: Sendable {
  /// The rows of all classes' prompts.
  package let all: TextRows
  /// The output below the lowest trained layer for all rows; nil if there is nothing below it, or
  /// it is not kept.
  package let start: FrozenStart?
  private let prompts: ClassPrompts
  private let savings: ExactSavings

  package init(
    _ adapted: AdaptedModel, _ prompts: ClassPrompts, _ savings: ExactSavings,
    precision: Precision = .float32
  ) {
    self.prompts = prompts
    self.savings = savings
    all =
      savings.contains(.cutTexts)
      ? TextRows(prompts.texts, sharing: savings.contains(.sharedPrefixes))
      : TextRows(batching: prompts.padded)
    start =
      savings.isSuperset(of: [.cutTexts, .frozenStart])
      ? Self.start(adapted, all, savings, precision) : nil
  }

  private static func start(
    _ adapted: AdaptedModel, _ rows: TextRows, _ savings: ExactSavings, _ precision: Precision
  ) -> FrozenStart? {
    let context = ComputeContext()
    return context.withPrecision(precision) {
      adapted.textTower(savings).frozenStart(rows, context)
    }
  }

  /// The rows for several clients.
  struct Selection {
    let classes: [[Int]]
    let texts: TextRows
    let start: FrozenStart?
    /// The row of `all` that each row copies.
    let source: [Int32]

    var text: TrainingStep.Texts { TrainingStep.Texts(texts, from: start) }
  }

  /// - Parameter classes: the classes whose prompts each client needs.
  func select(_ classes: [[Int]]) -> Selection {
    guard savings.contains(.cutTexts) else {
      precondition(classes.count == 1, "padded texts are one client's")
      let texts = TextRows(batching: prompts.padded.selecting(classes[0]))
      return Selection(classes: classes, texts: texts, start: nil, source: [])
    }
    let (texts, source) = all.selecting(classes)
    return Selection(
      classes: classes, texts: texts, start: start?.gathering(source), source: source)
  }
}
