/// The CLIP encoder that a method adapts.
public enum Tower: String, Codable, Sendable, CaseIterable {
  case text, vision, both

  var includesText: Bool { self != .vision }
  var includesVision: Bool { self != .text }
}
