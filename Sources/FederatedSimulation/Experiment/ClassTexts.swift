import Adaptation
import BaseModels
import CLIP
import Scenario

/// The classes as text: their names, and the template of their prompts.
package struct ClassTexts {
  let names: [String]
  /// Text with `{}` as the placeholder for the class name.
  let template: String
  let base: BaseModel

  package init(names: [String], template: String, base: BaseModel) {
    self.names = names
    self.template = template
    self.base = base
  }

  /// The prompts of the classes.
  ///
  /// - Throws: `ExperimentError` if a prompt is longer than the model's context, or two have the
  ///   same tokens.
  package func prompts() throws(ExperimentError) -> ClassPrompts {
    ClassPrompts(
      try tokens { template.replacing("{}", with: $0) }, base.model.configuration)
  }

  /// The complete and distinct tokens of a text for each class.
  private func tokens(_ text: (String) -> String) throws(ExperimentError) -> [[Int32]] {
    let tokens = names.map { base.tokens(text($0)) }
    if base.isShape { return tokens }
    let configuration = base.model.configuration
    for name in names {
      let count = base.tokenCount(of: text(name))
      guard count > configuration.contextLength else { continue }
      throw ExperimentError(
        "the prompt of the class \"\(name)\" has \(count) tokens, but the model's limit is \(configuration.contextLength); shorten the prompt or the class's name"
      )
    }
    // The model reads a text only up to its first end token.
    var classes: [ArraySlice<Int32>: String] = [:]
    for (name, tokens) in zip(names, tokens) {
      let seen = tokens[0...configuration.endRow(of: tokens)]
      guard let other = classes.updateValue(name, forKey: seen) else { continue }
      throw ExperimentError(
        "the classes \"\(other)\" and \"\(name)\" have the same prompt tokens: the tokenizer ignores case and extra spaces, and everything after an end token; give them other names, as with data.class_names, or another prompt"
      )
    }
    return tokens
  }

  /// Learned context vectors before a class name, in CoOp's form: context, name, full stop.
  ///
  /// - Parameter context: the number of vectors to initialise randomly; nil to initialise one from
  ///   each token of the prompt's words before the name.
  /// - Throws: `ExperimentError` if there are no such words, or a prompt is too long for the model.
  func promptMethod(context: Int?) throws(ExperimentError) -> PromptMethod {
    let classes = try tokens { "\($0)." }
    let words = template.prefix { $0 != "{" }.split(separator: " ").joined(separator: " ")
    // Excludes the start and end tokens of the text.
    let count = context ?? base.tokens(words).count - 2
    guard count > 0 else {
      throw ExperimentError(
        "the prompt \"\(template)\" has no words before the class that a fedprompt could start from; give it a context, for example context: 4"
      )
    }
    let limit = base.model.configuration.contextLength
    if let (name, tokens) = zip(names, classes).first(where: { $1.count + count > limit }) {
      throw ExperimentError(
        "\(count) context vectors and the \(tokens.count) tokens of \"\(name)\" exceed the model's limit of \(limit); use a smaller fedprompt context"
      )
    }
    let configuration = base.model.configuration
    guard context == nil else {
      return PromptMethod(configuration, classes: classes, context: count)
    }
    return PromptMethod(
      configuration, prompts: try tokens { "\(words) \($0)." }, words: count)
  }
}
