/// Why a vocabulary is not usable.
public struct TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Fault: Equatable, Sendable {
    /// The file does not exist or cannot be read.
    case unreadable(reason: String)
    /// The file is not the expected JSON.
    case malformedJSON(reason: String)
    /// The file's model is not a byte-pair model with CLIP's word endings.
    case unsupportedModel(reason: String)
    /// A token's id is not a row of an embedding.
    case negativeID(token: String, id: Int32)
    /// A line of the merges is not two tokens separated by a space.
    case malformedMerge(line: String)
    /// A merge's part or result is not in the vocabulary.
    case unknownToken(token: String, merge: BytePairMerge)
    /// An added token's id differs from the one that transformers assigns.
    case misnumberedToken(token: String, id: Int, expected: Int)
    /// The vocabulary has no start or end token.
    case missingSpecialToken(token: String)
  }

  public let fault: Fault

  /// The location of the error: a file, with the line if known, or the index of a merge.
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
