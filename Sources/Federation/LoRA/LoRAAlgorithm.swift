import Adaptation

/// An aggregation rule for the LoRA factors of many clients.
///
/// Client k has factors A_k [r_k, inputs] and B_k [outputs, r_k], a scale s_k, and the weight p_k,
/// its share of all samples unless a rule defines it differently. A version's parameters are A and
/// B of every layer with the server's rank. By default, a client trains and sends both factors with
/// its own rank.
package protocol LoRAAlgorithm: FederatedAlgorithm {
  /// Whether clients may have different ranks.
  static var takesAnyRank: Bool { get }

  /// Whether versions change the base's weights.
  static var addsToBase: Bool { get }

  /// The LoRA with the server's size, the largest of any client's.
  var lora: LoRADimensions { get }

  /// The part that clients train, starting from a version.
  func part(from version: ServerVersion) -> LoRAPart

  /// A version's factors with a client's size; by default truncated to its rank.
  func factors(of version: ServerVersion, _ size: LoRASize) -> [Float]

  /// The initial values of the trained part on clients.
  func start(_ part: TrainedPart, from version: ServerVersion) -> [Float]
}

extension LoRAAlgorithm {
  package static var takesAnyRank: Bool { false }
  package static var sendsChange: Bool { true }

  package static var addsToBase: Bool { false }

  var shape: LoRAShape { lora.shape }

  package func part(from version: ServerVersion) -> LoRAPart { .both }

  package var trainedPart: LoRAPart? { part(from: version) }

  package func factors(of version: ServerVersion, _ size: LoRASize) -> [Float] {
    shape.resizing(version.parameters, from: lora.size.rank, to: size.rank)
  }

  package func start(_ part: TrainedPart, from version: ServerVersion) -> [Float] {
    shape.numbers(of: part.part, in: factors(of: version, part.size), rank: part.size.rank)
  }

  /// The trained values of a client, given an update of the trained part.
  func trained(_ update: ClientUpdate) -> [Float] {
    zip(start(update.work.part!, from: update.base), update.received).map { $0 + $1 }
  }

  package func model(_ part: TrainedPart?, from version: ServerVersion) -> ClientModel {
    let part = part ?? TrainedPart(size: lora.size, part: self.part(from: version))
    precondition(part.size.rank <= lora.size.rank, "the server has a place for the client's rank")
    return ClientModel(
      version: version.number, parameters: start(part, from: version),
      lora: .init(
        part: part, factors: factors(of: version, part.size), merged: version.merged))
  }

  /// The server's model with both factors as values, for PEFT's files.
  func writtenModel(_ factors: [Float]) -> ClientModel {
    ClientModel(
      version: version.number, parameters: factors,
      lora: .init(
        part: TrainedPart(size: lora.size, part: .both), factors: factors, merged: version.merged))
  }

  package var writtenModels: [ClientModel] { [writtenModel(version.parameters)] }

  package func numbersDown(_ part: TrainedPart?, last: Int?) -> Int { numbersUp(part) }

  package func numbersUp(_ part: TrainedPart?) -> Int {
    let part = part ?? TrainedPart(size: lora.size, part: self.part(from: version))
    return shape.count(of: part.part, rank: part.size.rank)
  }
}
