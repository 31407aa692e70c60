/// The TCP settings shared by all connections of a run.
public struct TCPSettings: Hashable, Codable, Sendable {
  /// The segments that a connection sends before the first acknowledgement (RFC 6928).
  public var initialWindow: Int

  /// The payload of a full segment.
  public var segment: ByteCount

  /// The maximum payload in flight, limited by the buffers of both ends.
  public var window: ByteCount

  /// The capacity of the queue before the bottleneck link, in bandwidth-delay products; at least 50
  /// segments.
  public var queue: Double

  /// The packet loss probability for devices without their own.
  public var loss: PacketLoss

  /// How connections share the server's link.
  public var sharing: Sharing

  public enum Sharing: String, Codable, Sendable, CaseIterable {
    /// Equally, up to each device's own rate, like per-connection fair queueing.
    case equal
    /// In proportion to 1 / RTT, like connections that share one queue.
    case inverseRTT = "inverse-rtt"
  }

  public init(
    initialWindow: Int = 10, segment: ByteCount = ByteCount(1_448),
    window: ByteCount = ByteCount(2_800_000), queue: Double = 1, loss: PacketLoss = .none,
    sharing: Sharing = .equal
  ) {
    self.initialWindow = initialWindow
    self.segment = segment
    self.window = window
    self.queue = queue
    self.loss = loss
    self.sharing = sharing
  }

  /// The headers of a packet: 20 bytes of IPv4, 20 of TCP, and 12 of its timestamps (RFC 7323).
  public static let header = 52

  /// A full segment with its headers.
  var packet: ByteCount { segment + ByteCount(Self.header) }

  /// The size of the packets that carry n bytes: n + 52 ceil(n / segment).
  package func wireBytes(of bytes: ByteCount) -> ByteCount {
    let packets = bytes.bytes / segment.bytes + (bytes.bytes % segment.bytes == 0 ? 0 : 1)
    return bytes + ByteCount(.floorOfProduct(packets, Self.header, dividedBy: 1))
  }
}
