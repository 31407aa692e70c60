extension ClosedRange where Bound == Int {
  /// Every whole number.
  package static var any: Self { .min ... .max }

  /// Whole numbers of at least 1.
  package static var positive: Self { 1 ... .max }

  /// Whole numbers of at least 0.
  package static var notNegative: Self { 0 ... .max }

  /// The range in the words of an error message: `a whole number of at least 1`.
  func words(_ noun: String) -> String {
    switch (lowerBound, upperBound) {
    case (.min, .max): noun
    case (.min, let upper): "\(noun) of at most \(upper)"
    case (let lower, .max): "\(noun) of at least \(lower)"
    case (let lower, let upper): "\(noun) from \(lower) to \(upper)"
    }
  }
}

extension ClosedRange where Bound == Double {
  /// Every finite number.
  package static var finite: Self {
    -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
  }

  /// Finite numbers above zero.
  package static var positive: Self { above(0) }

  /// Finite numbers of at least zero.
  package static var notNegative: Self { 0...Double.greatestFiniteMagnitude }

  /// Numbers from zero to one, both included.
  package static var fraction: Self { 0...1 }

  /// Finite numbers above `bound`, which is excluded.
  package static func above(_ bound: Double) -> Self {
    bound.nextUp...Double.greatestFiniteMagnitude
  }

  /// The range in the words of an error message: `a number above 0 and at most 1`.
  ///
  /// A bound next to a whole number prints as that number, excluded.
  func words(_ noun: String) -> String {
    let lower = lowerBound <= -Double.greatestFiniteMagnitude ? nil : lowerBound
    let upper = upperBound >= Double.greatestFiniteMagnitude ? nil : upperBound
    let isLowerOpen = lower.map { !$0.isWhole && $0.nextDown.isWhole } ?? false
    let isUpperOpen = upper.map { !$0.isWhole && $0.nextUp.isWhole } ?? false
    let from = lower.map { isLowerOpen ? "above \($0.nextDown.plain)" : "at least \($0.plain)" }
    let to = upper.map { isUpperOpen ? "below \($0.nextUp.plain)" : "at most \($0.plain)" }
    return switch (from, to) {
    case (nil, nil): noun
    case (let bound?, nil) where isLowerOpen, (nil, let bound?) where isUpperOpen:
      "\(noun) \(bound)"
    case (let bound?, nil), (nil, let bound?): "\(noun) of \(bound)"
    case (let from?, let to?) where isLowerOpen: "\(noun) \(from) and \(to)"
    case (let from?, let to?) where isUpperOpen: "\(noun) of \(from) and \(to)"
    default: "\(noun) from \(lowerBound.plain) to \(upperBound.plain)"
    }
  }
}

extension Double {
  fileprivate var isWhole: Bool { self == rounded() }

  /// The shortest decimal that parses to the same number, without a trailing `.0`.
  var plain: String {
    let text = "\(self == 0 ? 0 : self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
