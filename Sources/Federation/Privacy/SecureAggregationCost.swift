/// The additional traffic of a round with secure aggregation, modelled by its messages.
///
/// It counts the bytes of the protocol of Bonawitz et al. ("Practical Secure Aggregation for
/// Privacy-Preserving Machine Learning", CCS 2017, ePrint 2017/281, section 7.1, honest-but-curious
/// server). The cryptography is not executed, nothing is masked, and its computation costs nothing.
///
/// A client sends two public keys, two encrypted shares for each of d others, the masked vector,
/// and one share of itself and of each other for unmasking; it receives two keys and two shares
/// from each other. With d = n - 1 the total is the paper's 2 n a_K + (5 n - 4) a_S + m ceil(log2
/// R). Headers, signatures and the lists of remaining clients are omitted, as in the paper.
public struct SecureAggregationCost: Sendable, Codable, Equatable {
  /// a_K: a public key, 256 bits, as for an elliptic curve of that size.
  public static let keyBytes = 32
  /// a_S: a share of a key or a seed, 256 bits. With both at 256 bits the paper's expansion factors
  /// are reproduced: 1.73 for 2^10 clients and 2^20 numbers of 16 bits, 1.98 for 2^14 and 2^24.
  public static let shareBytes = 32
  /// Exchanges with the server in addition to the single upload of a plain round, which carries the
  /// masked input: advertised keys, shared keys, unmasking (the paper's figure 2).
  public static let extraRoundTrips = 3

  /// n, the clients of a round.
  public let cohort: Int
  /// Bits per number before masking: its values are 0 ..< 2^bits.
  public let bits: Int
  /// d: the number of clients with which each client exchanges keys and shares.
  public let neighbours: Int

  /// - Parameter neighbours: nil for all others, as in the paper; a number for the sparse graph of
  ///   Bell et al. ("Secure Single-Server Aggregation with (Poly)Logarithmic Overhead", ePrint
  ///   2020/704), with the same messages, but only between neighbours. The caller chooses the
  ///   number, which depends on the assumed share of colluding and dropped clients.
  public init(cohort: Int, bits: Int, neighbours: Int? = nil) {
    precondition(cohort > 0 && (1...32).contains(bits) && neighbours ?? 0 >= 0)
    self.cohort = cohort
    self.bits = bits
    self.neighbours = min(neighbours ?? cohort - 1, cohort - 1)
  }

  /// ceil(log2 R) for R = n (2^bits - 1) + 1: the bits per number for which the total sum cannot
  /// overflow.
  public var maskedBits: Int {
    Int.bitWidth - (cohort * ((1 << bits) - 1)).leadingZeroBitCount
  }

  /// The size of the masked vector of `count` numbers, which replaces the plain payload, in bytes.
  public func maskedByteCount(of count: Int) -> Int { (count * maskedBits + 7) / 8 }

  /// The total bytes that a client sends.
  public func bytesUp(of count: Int) -> Int {
    2 * Self.keyBytes + 2 * neighbours * Self.shareBytes + maskedByteCount(of: count)
      + (neighbours + 1) * Self.shareBytes
  }

  /// The bytes that a client receives in addition to the model.
  public var extraBytesDown: Int { 2 * neighbours * (Self.keyBytes + Self.shareBytes) }
}
