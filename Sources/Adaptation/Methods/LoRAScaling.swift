/// The factor of a low-rank update B A x.
public enum LoRAScaling: String, Codable, Sendable, CaseIterable {
  /// alpha, independent of the rank (arXiv 2404.15182).
  case plain
  /// alpha / √rank, with which updates of all ranks learn equally fast (Kalajdzievski, arXiv
  /// 2312.03732).
  case rslora

  func scale(alpha: Float, rank: Int) -> Float {
    switch self {
    case .plain: alpha
    case .rslora: Float(Double(alpha) / Double(rank).squareRoot())
    }
  }
}
