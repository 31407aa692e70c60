import Configuration
import Federation

/// How updates are encoded for upload.
public struct CompressionSettings: Sendable, Encodable {
  private enum Kind: String, CaseIterable {
    case none, fp16, bf16, int8, sign
    case topK = "top-k"
  }

  public var codec: PayloadCodec
  /// Whether the client uses error feedback: it keeps what the codec drops and adds it to its next
  /// update.
  public var hasErrorFeedback: Bool

  init(_ section: ConfigurationSection) {
    let kind = section.kind("kind", of: Kind.self, default: Kind.none)
    codec =
      switch kind {
      case .none: .float32
      case .fp16: .float16
      case .bf16: .bfloat16
      case .int8: .int8
      case .sign: .sign
      case .topK:
        .topK(TopKCodec(fraction: section.number("fraction", in: 1e-9...1, example: 0.01)))
      }
    let isBiased = kind == .topK || kind == .sign
    hasErrorFeedback = isBiased ? section.boolean("error_feedback", default: true) : false
  }
}
