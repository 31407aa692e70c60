/// Why a vocabulary cannot be used.
public struct TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Fault: Equatable, Sendable {
    /// No such file, or it cannot be read.
    case unreadable(reason: String)
    /// The file is not the JSON that it should be.
    case malformedJSON(reason: String)
    /// The file's model is no byte-pair model with CLIP's word endings.
    case unsupportedModel(reason: String)
    /// A token's id is no row of an embedding.
    case negativeID(token: String, id: Int32)
    /// A line of the merges that is not two tokens with a space between.
    case malformedMerge(line: String)
    /// A merge whose part or result the vocabulary lacks.
    case unknownToken(token: String, merge: BytePairMerge)
    /// An added token with another number than transformers gives it.
    case misnumberedToken(token: String, id: Int, expected: Int)
    /// The vocabulary lacks the token that starts or ends a text.
    case missingSpecialToken(token: String)
  }

  public let fault: Fault

  /// Where the fault is: a file, with the line where there is one, or the number of a merge.
  public let location: String

  public init(_ fault: Fault, at location: String) {
    self.fault = fault
    self.location = location
  }

  public var description: String {
    switch fault {
    case .unreadable(let reason):
      "\(location): cannot be read (\(reason)); a tokenizer needs vocab.json and merges.txt, "
        + "or tokenizer.json."
    case .malformedJSON(let reason):
      "\(location): is not valid (\(reason)); copy the file again from its model."
    case .unsupportedModel(let reason):
      "\(location): \(reason); only CLIP's byte-pair vocabularies can be read."
    case .negativeID(let token, let id):
      "\(location): token \"\(token)\" has the id \(id); ids count from 0."
    case .malformedMerge(let line):
      "\(location): \"\(line)\" is not a merge; write two tokens separated by one space."
    case .unknownToken(let token, let merge):
      "\(location): the merge \"\(merge.left) \(merge.right)\" needs the token \"\(token)\", "
        + "which is missing from the vocabulary; take both files from the same model."
    case .misnumberedToken(let token, let id, let expected):
      "\(location): the added token \"\(token)\" has the id \(id), but in this vocabulary it gets \(expected); "
        + "take all files of the tokenizer from the same model."
    case .missingSpecialToken(let token):
      "\(location): the token \"\(token)\" is missing from the vocabulary; CLIP's vocabularies have it."
    }
  }
}
