/// What a message of the protocol above TCP carries beside its payload.
public struct MessageFraming: Hashable, Codable, Sendable {
  /// Bytes of each message.
  public var perMessage: ByteCount
  /// Bytes for each byte of payload.
  public var share: Double

  public init(perMessage: ByteCount, share: Double = 0) {
    self.perMessage = perMessage
    self.share = share
  }

  public static let none = MessageFraming(perMessage: .zero)

  /// The whole message: payload + per message + ceil(share * payload).
  package func bytes(of payload: ByteCount) -> ByteCount {
    let part = share == 0 ? 0 : Int((Double(payload.bytes) * share).rounded(.up))
    return payload + perMessage + ByteCount(part)
  }
}
