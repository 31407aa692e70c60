/// What a message of the protocol above TCP carries beside its payload.
public struct MessageFraming: Hashable, Codable, Sendable {
  /// Bytes of each download; of an upload too on the link that carries one.
  public var perMessage: ByteCount
  /// Bytes of each upload.
  public var perUpload: ByteCount
  /// Bytes for each byte of payload.
  public var share: Double

  /// - Parameter perUpload: left out, that of each message.
  public init(perMessage: ByteCount, perUpload: ByteCount? = nil, share: Double = 0) {
    self.perMessage = perMessage
    self.perUpload = perUpload ?? perMessage
    self.share = share
  }

  public static let none = MessageFraming(perMessage: .zero)

  /// That of uploads, for both ways.
  package var ofUploads: MessageFraming { MessageFraming(perMessage: perUpload, share: share) }

  /// The whole message, a download: payload + per message + ceil(share * payload).
  package func bytes(of payload: ByteCount) -> ByteCount {
    let part = share == 0 ? 0 : Int((Double(payload.bytes) * share).rounded(.up))
    return payload + perMessage + ByteCount(part)
  }
}
