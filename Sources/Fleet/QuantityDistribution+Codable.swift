/// A fixed value is encoded as itself, the others as `{"lognormal": {"median": …, "sigma": …}}`,
/// `{"uniform": {"low": …, "high": …}}` and `{"quantiles": […]}`.
extension QuantityDistribution: Codable {
  private enum Kind: String, CodingKey { case lognormal, uniform, quantiles }

  private struct Lognormal: Codable {
    var median: Value
    var sigma: Double
  }

  private struct Uniform: Codable {
    var low: Value
    var high: Value
  }

  public init(from decoder: any Decoder) throws {
    guard let container = try? decoder.container(keyedBy: Kind.self) else {
      self = .fixed(try Value(from: decoder))
      return
    }
    if let written = try container.decodeIfPresent(Lognormal.self, forKey: .lognormal) {
      self = .lognormal(median: written.median, sigma: written.sigma)
    } else if let values = try container.decodeIfPresent([Value].self, forKey: .quantiles) {
      self = .quantiles(values)
    } else {
      let written = try container.decode(Uniform.self, forKey: .uniform)
      self = .uniform(low: written.low, high: written.high)
    }
    if let fault {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: fault))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .fixed(let value):
      try value.encode(to: encoder)
    case .lognormal(let median, let sigma):
      var container = encoder.container(keyedBy: Kind.self)
      try container.encode(Lognormal(median: median, sigma: sigma), forKey: .lognormal)
    case .uniform(let low, let high):
      var container = encoder.container(keyedBy: Kind.self)
      try container.encode(Uniform(low: low, high: high), forKey: .uniform)
    case .quantiles(let values):
      var container = encoder.container(keyedBy: Kind.self)
      try container.encode(values, forKey: .quantiles)
    }
  }
}
