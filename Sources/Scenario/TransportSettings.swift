import Configuration
import Fleet

/// How transfers between devices and server are modelled.
public enum TransportSettings: Sendable, Encodable {
  /// At the full link rate from the first byte.
  case fluid
  /// With a congestion window that grows with each round trip and shrinks with each lost packet.
  case tcp(TCPSettings)

  private enum Kind: String, CaseIterable { case fluid, tcp }

  init(_ section: ConfigurationSection) {
    switch section.kind("kind", of: Kind.self, default: .fluid) {
    case .fluid: self = .fluid
    case .tcp:
      let standard = TCPSettings()
      self = .tcp(
        TCPSettings(
          initialWindow: section.integer(
            "initial_window", in: 1...10_000, default: standard.initialWindow),
          segment: section.quantity(
            "segment", in: ByteCount(100)...ByteCount(65_000), default: standard.segment),
          window: section.quantity(
            "window", in: ByteCount(1_000)...ByteCount(1_000_000_000_000), default: standard.window
          ),
          queue: section.number("queue", in: 0...1_000, default: standard.queue),
          loss: section.quantity("loss", in: .none ... .most, default: standard.loss),
          sharing: section.choice("sharing", default: standard.sharing)))
    }
  }

  /// The TCP settings; nil for the fluid model.
  package var tcp: TCPSettings? {
    if case .tcp(let settings) = self { settings } else { nil }
  }
}

extension MessageFraming {
  init(_ section: ConfigurationSection) {
    let range = ByteCount(0)...ByteCount(1_000_000_000_000)
    self.init(
      perMessage: section.quantity("overhead", in: range, default: .zero),
      perUpload: section.optionalQuantity("overhead_up", in: range),
      share: section.number("overhead_share", in: 0...100, default: 0))
  }
}
