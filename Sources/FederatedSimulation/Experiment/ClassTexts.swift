import Adaptation
import BaseModels
import CLIP
import Scenario

/// The classes as texts: their names, and how a prompt is made of each.
struct ClassTexts {
  let names: [String]
  /// A text with `{}` where the name of a class goes.
  let template: String
  let base: BaseModel

  /// The prompts of the classes.
  var prompts: ClassPrompts {
    ClassPrompts(
      names.map { base.tokens(template.replacing("{}", with: $0)) }, base.model.configuration)
  }

  /// Learned context vectors before a class's name, in CoOp's form: context, name, full stop.
  ///
  /// - Parameter context: how many vectors to draw; nil to start from the prompt's words before the
  ///   name, a vector from each token.
  /// - Throws: `ExperimentError` where there are no such words, or a prompt is too long for the model.
  func promptMethod(context: Int?) throws(ExperimentError) -> PromptMethod {
    let classes = names.map { base.tokens("\($0).") }
    let words = template.prefix { $0 != "{" }.split(separator: " ").joined(separator: " ")
    // A text has a start and an end token around its own.
    let count = context ?? base.tokens(words).count - 2
    guard count > 0 else {
      throw ExperimentError(
        "the prompt \"\(template)\" has no words before the class that a fedprompt could start from; give it a context, for example context: 4"
      )
    }
    let limit = base.model.configuration.contextLength
    if let (name, tokens) = zip(names, classes).first(where: { $1.count + count > limit }) {
      throw ExperimentError(
        "\(count) context vectors and the \(tokens.count) tokens of \"\(name)\" are more than the \(limit) that the model takes; make the context of the fedprompt smaller"
      )
    }
    let configuration = base.model.configuration
    guard context == nil else {
      return PromptMethod(configuration, classes: classes, context: count)
    }
    return PromptMethod(
      configuration, prompts: names.map { base.tokens("\(words) \($0).") }, words: count)
  }
}
