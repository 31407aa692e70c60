/// The overhead of a message in the protocol above TCP.
public struct MessageFraming: Hashable, Codable, Sendable {
  /// Bytes per download; also per upload for a link that carries uploads.
  public var perMessage: ByteCount
  /// Bytes per upload.
  public var perUpload: ByteCount
  /// Bytes per byte of payload.
  public var share: Double

  /// - Parameter perUpload: defaults to `perMessage`.
  public init(perMessage: ByteCount, perUpload: ByteCount? = nil, share: Double = 0) {
    self.perMessage = perMessage
    self.perUpload = perUpload ?? perMessage
    self.share = share
  }

  public static let none = MessageFraming(perMessage: .zero)

  /// The framing of uploads as a framing for both directions.
  package var ofUploads: MessageFraming { MessageFraming(perMessage: perUpload, share: share) }

  /// The size of a whole message, for a download: payload + per message + ceil(share * payload).
  package func bytes(of payload: ByteCount) -> ByteCount {
    let part = share == 0 ? 0 : Int((Double(payload.bytes) * share).rounded(.up))
    return payload + perMessage + ByteCount(part)
  }
}
