import Federation
import Scenario
import Tensors

extension MethodSettings {
  /// What stays with each client of a method with these parameters; nil if everything is shared.
  ///
  /// - Throws: `ExperimentError` if the method trains no such part, or would share nothing.
  func personalParts(in layout: ParameterLayout) throws(ExperimentError) -> PersonalParts? {
    guard let personal else { return nil }
    let unknown = personal.first { kind in !layout.entries.contains { $0.isOf(kind) } }
    if let unknown {
      throw ExperimentError(
        "\(name): personal has \"\(unknown)\", which the method does not train; it trains \(layout.kinds.joined(separator: ", "))"
      )
    }
    let parts = PersonalParts(in: layout) { entry in personal.contains { entry.isOf($0) } }
    guard parts.sharedCount > 0 else {
      throw ExperimentError(
        "\(name): personal has everything that the method trains, so that clients would send nothing; name a part of \(layout.kinds.joined(separator: ", "))"
      )
    }
    return parts
  }
}

extension ParameterLayout {
  /// The last word of each parameter's name before "weight" and "bias", once each.
  fileprivate var kinds: [String] {
    var kinds: [String] = []
    for entry in entries {
      let words = entry.words.filter { $0 != "weight" && $0 != "bias" && Int($0) == nil }
      if let kind = words.last.map(String.init), !kinds.contains(kind) { kinds.append(kind) }
    }
    return kinds
  }
}

extension ParameterLayout.Entry {
  fileprivate var words: [Substring] { name.split(separator: ".") }

  /// Whether the parameter's name contains the words of a kind in sequence, such as lora_B or
  /// layers.0.
  fileprivate func isOf(_ kind: String) -> Bool {
    words.contains(kind.split(separator: ".", omittingEmptySubsequences: false))
  }
}
