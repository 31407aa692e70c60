extension Partition: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, beta, shots, samples, sigma
    case classesPerClient = "classes_per_client"
  }

  private enum Kind: String, CaseIterable {
    case iid, dirichlet, pathological, resample, natural
    case fewShot = "few-shot"

    /// The keys of the kind, except `kind`.
    var parameters: [CodingKeys] {
      switch self {
      case .iid, .natural: []
      case .dirichlet: [.beta]
      case .pathological: [.classesPerClient]
      case .fewShot: [.shots]
      case .resample: [.samples, .sigma, .beta]
      }
    }
  }

  /// - Throws: `DecodingError` if the kind is unknown, its parameter is missing or out of range, or
  ///   a parameter of another kind is given.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let kind = try Self.kind(container)
    for key in CodingKeys.allCases where key != .kind && !kind.parameters.contains(key) {
      guard !container.contains(key) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "`\(key.rawValue)` does not belong to the partition \(kind.rawValue); "
            + "remove it.")
      }
    }
    self =
      switch kind {
      case .iid: .iid
      case .natural: .natural
      case .dirichlet: .dirichlet(beta: try container.decode(Double.self, forKey: .beta))
      case .pathological:
        .pathological(classesPerClient: try container.decode(Int.self, forKey: .classesPerClient))
      case .fewShot: .fewShot(shots: try container.decode(Int.self, forKey: .shots))
      case .resample:
        .resample(
          samples: try container.decode(Int.self, forKey: .samples),
          sigma: try container.decodeIfPresent(Double.self, forKey: .sigma) ?? 0,
          beta: try container.decodeIfPresent(Double.self, forKey: .beta))
      }
    if let fault, let key = kind.parameters.first {
      throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: fault)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let kind: Kind =
      switch self {
      case .iid: .iid
      case .dirichlet: .dirichlet
      case .pathological: .pathological
      case .fewShot: .fewShot
      case .resample: .resample
      case .natural: .natural
      }
    try container.encode(kind.rawValue, forKey: .kind)
    switch self {
    case .iid, .natural: break
    case .dirichlet(let beta): try container.encode(beta, forKey: .beta)
    case .pathological(let classes): try container.encode(classes, forKey: .classesPerClient)
    case .fewShot(let shots): try container.encode(shots, forKey: .shots)
    case .resample(let samples, let sigma, let beta):
      try container.encode(samples, forKey: .samples)
      try container.encode(sigma, forKey: .sigma)
      try container.encodeIfPresent(beta, forKey: .beta)
    }
  }

  private static func kind(_ container: KeyedDecodingContainer<CodingKeys>) throws -> Kind {
    let name = try container.decode(String.self, forKey: .kind)
    guard let kind = Kind(rawValue: name) else {
      let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container,
        debugDescription: "`\(name)` is not a partition; use one of \(known).")
    }
    return kind
  }
}
