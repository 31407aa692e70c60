import Foundation
import Randomness

/// Error feedback: a client keeps what its codec drops and adds it to its next update.
///
/// p = d + e; send c(p); e = p - c(p), from e = 0 (EF-signSGD: Karimireddy et al., arXiv
/// 1901.09847, Algorithm 1; for top-k, Stich et al., arXiv 1809.07599). The sum of everything sent
/// differs from the true sum only by the last e.
public struct ErrorFeedback: Sendable, Codable, Equatable {
  /// e; empty before the first update.
  public private(set) var residual: [Float] = []

  public init() {}

  /// Encodes an update plus the residual of earlier ones.
  ///
  /// - Throws: `PayloadError` as the codec does; the residual is then unchanged.
  public mutating func encode(
    _ change: [Float], with codec: some VectorCodec, using random: inout RandomStream
  ) throws(PayloadError) -> Data {
    precondition(residual.isEmpty || residual.count == change.count, "updates have one length")
    let whole = residual.isEmpty ? change : zip(change, residual).map { $0 + $1 }
    let payload = try codec.encode(whole, using: &random)
    residual = zip(whole, try codec.decode(payload, count: whole.count)).map { $0 - $1 }
    return payload
  }
}
