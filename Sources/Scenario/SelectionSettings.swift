import Configuration
import EventSimulation
import Federation
import Fleet

/// How the server selects devices.
public enum SelectionSettings: Sendable, Encodable {
  /// Random devices; offline ones do nothing in the round.
  case random
  /// Online devices in random order.
  case available
  /// Online devices with probability proportional to their number of samples.
  case samples
  /// Online devices, with a quota of the cohort for each device class.
  case classes([Double])
  case powerOfChoice(choices: Int)
  case oort(OortSettings)
  /// Online devices with sufficient memory that are expected to finish in time.
  case resources(within: SimulationDuration?)

  private enum Kind: String, CaseIterable {
    case random, available, samples, oort, resources
    case classes = "device-classes"
    case powerOfChoice = "power-of-choice"
  }

  init(_ section: ConfigurationSection, cohort: Int) {
    switch section.kind("kind", of: Kind.self, default: .random) {
    case .random: self = .random
    case .available: self = .available
    case .samples: self = .samples
    case .classes:
      let shares = section.numbers("shares", in: 0...1, example: 0.5)
      if shares.allSatisfy({ $0 == 0 }) {
        section.fault(
          at: "shares", "all shares are 0; give one class at least a share of the cohort")
      }
      self = .classes(shares)
    case .powerOfChoice:
      self = .powerOfChoice(
        choices: section.integer(
          "choices", in: 1...1_000_000_000, default: min(1_000_000_000, 2 * cohort)))
    case .oort: self = .oort(OortSettings(section))
    case .resources: self = .resources(within: section.optionalQuantity("within", none: "none"))
    }
  }

  /// Whether the server knows which devices are online before it selects.
  package var seesAvailability: Bool {
    if case .random = self { false } else { true }
  }

  /// Whether selection among the candidates is uniformly random.
  package var isRandom: Bool {
    switch self {
    case .random, .available: true
    default: false
    }
  }

  /// The selection policy.
  package func policy(seed: UInt64) -> ClientSelection {
    switch self {
    case .random, .available: .random(RandomSelection())
    case .samples: .samples(SampleWeightedSelection(seed: seed))
    case .classes(let parts): .classes(ClassQuotaSelection(parts: parts))
    case .powerOfChoice(let choices):
      .powerOfChoice(PowerOfChoiceSelection(choices: choices, seed: seed))
    case .oort(let settings): .oort(OortSelection(settings, seed: seed))
    case .resources(let span):
      .resources(ResourceAwareSelection(deadlineSeconds: span?.seconds))
    }
  }
}

extension OortSettings {
  init(_ section: ConfigurationSection) {
    self.init()
    exploration = section.number("exploration", in: 0...1, default: exploration)
    explorationDecay = section.number("exploration_decay", in: 0...1, default: explorationDecay)
    explorationFloor = section.number("exploration_floor", in: 0...1, default: explorationFloor)
    slownessPenalty = section.number("slowness_penalty", in: 0...100, default: slownessPenalty)
    cutOff = section.number("cut_off", in: 0...1, default: cutOff)
    clipping = section.number("clipping", in: 0...1, default: clipping)
    pacerWindow = section.integer("pacer_window", in: 1...1_000_000, default: pacerWindow)
    pacerStart = section.number("pacer_start", in: 0...100, default: pacerStart)
    pacerStep = section.number("pacer_step", in: 0...100, default: pacerStep)
    participationLimit =
      section.has("participation_limit")
      ? section.integer("participation_limit", in: 1...1_000_000_000) : nil
  }
}
