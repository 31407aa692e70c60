/// The constants of Oort, from the paper (Lai et al., arXiv 2010.06081) or, if it gives none, from
/// its authors' code in FedScale (`fedscale/cloud/config_parser.py`).
public struct OortSettings: Sendable, Codable, Equatable {
  /// epsilon: the explored share of a cohort, and how it shrinks from round to round (paper: 0.9,
  /// times 0.98 after each round while above 0.2; the code stops at 0.3).
  public var exploration = 0.9
  public var explorationDecay = 0.98
  public var explorationFloor = 0.2
  /// alpha: the strength of the penalty for devices slower than preferred (paper and code: 2).
  public var slownessPenalty = 2.0
  /// c: an explored device competes from this fraction of the last slot's score (paper: 95 %).
  public var cutOff = 0.95
  /// Utilities are clipped at this quantile (paper: 95 %; code: 90 %).
  public var clipping = 0.95
  /// W: the pacer's window and interval in rounds (paper and code: 20).
  public var pacerWindow = 20
  /// The initial percentile of preferred device times, and the pacer's step (code: 30, 5).
  public var pacerStart = 30.0
  public var pacerStep = 5.0
  /// The maximum number of times a device is selected; nil for no limit, the code's default.
  public var participationLimit: Int?

  public init() {}
}
